"use client";

import { useEffect, useState } from "react";
import type { FormEvent } from "react";

import { Button, ButtonLink } from "#app/_components/ui/button.tsx";
import { Field } from "#app/_components/ui/field.tsx";
import { Input } from "#app/_components/ui/input.tsx";
import { Notice } from "#app/_components/ui/notice.tsx";
import { Skeleton } from "#app/_components/ui/skeleton.tsx";

import { readLink, redeemLink, secretOf } from "./access-link.ts";
import type { AccessLink, Answer } from "./access-link.ts";

type Failed = Extract<Answer<unknown>, { ok: false }>;

/** A name and a password for who was invited; a password for who forgot theirs. */
export function WelcomeForm() {
  const [secret, setSecret] = useState<string | null>(null);
  const [link, setLink] = useState<AccessLink | null>(null);
  const [failed, setFailed] = useState<Failed | null>(null);
  const [busy, setBusy] = useState(false);
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");

  useEffect(() => {
    const found = secretOf(window.location.hash);
    if (found === null) return setFailed({ ok: false, message: "The link is not complete. Copy all of it.", fields: {}, gone: true });
    // Not to be found in the history of this browser.
    window.history.replaceState(null, "", window.location.pathname);
    setSecret(found);
    void readLink(found).then((answer) => {
      if (!answer.ok) return setFailed(answer);
      setLink(answer.data);
      setName(answer.data.name);
    });
  }, []);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy || secret === null || link === null) return;
    setBusy(true);
    setFailed(null);
    const answer = await redeemLink({ token: secret, password, ...(link.purpose === "invitation" ? { name } : {}) });
    if (answer.ok) return window.location.assign("/runs");
    setBusy(false);
    setFailed(answer);
  };

  if (failed?.gone === true) {
    return (
      <>
        <h1 className="text-2xl font-semibold tracking-tight">You need another link</h1>
        <div role="alert">
          <Notice tone="warning">{failed.message}</Notice>
        </div>
        <ButtonLink href="/sign-in">Go to sign in</ButtonLink>
      </>
    );
  }
  if (link === null) {
    return (
      <>
        <h1 className="text-2xl font-semibold tracking-tight">One moment</h1>
        {failed === null ? (
          <div aria-busy>
            <Skeleton className="h-56 w-full" />
          </div>
        ) : (
          <div role="alert">
            <Notice tone="danger" actions={<Button onClick={() => window.location.reload()}>Retry</Button>}>
              {failed.message} The link still works: open it again.
            </Notice>
          </div>
        )}
      </>
    );
  }
  const isInvitation = link.purpose === "invitation";
  return (
    <>
      <div className="flex flex-col gap-1">
        <h1 className="text-2xl font-semibold tracking-tight">{isInvitation ? "You are invited" : "Choose a new password"}</h1>
        <p className="text-fg-muted">
          {isInvitation ? `You come in as ${link.role}, and sign in with ${link.email}.` : `For ${link.email}. Wherever you are signed in, that ends.`}
        </p>
      </div>
      <form
        aria-label={isInvitation ? "Accept the invitation" : "New password"}
        noValidate
        onSubmit={(event) => void submit(event)}
        className="flex flex-col gap-4 rounded-xl border border-line bg-surface p-5 shadow-sm"
      >
        {failed !== null && Object.keys(failed.fields).length === 0 && (
          <div role="alert">
            <Notice tone="danger">{failed.message}</Notice>
          </div>
        )}
        <input type="text" name="username" autoComplete="username" value={link.email} readOnly hidden />
        {isInvitation && (
          <Field label="Your name" hint="Shown with what you do" error={failed?.fields["name"]}>
            {(control) => (
              <Input {...control} value={name} maxLength={100} autoComplete="name" className="h-10!" onChange={(event) => setName(event.target.value)} />
            )}
          </Field>
        )}
        <Field label="Password" hint="At least 12 characters: a few words are easier to remember than signs" error={failed?.fields["password"]}>
          {(control) => (
            <Input
              {...control}
              type="password"
              value={password}
              autoComplete="new-password"
              autoFocus
              className="h-10!"
              onChange={(event) => setPassword(event.target.value)}
            />
          )}
        </Field>
        <Button type="submit" variant="primary" size="lg" busy={busy}>
          {isInvitation ? "Set password and come in" : "Set password and sign in"}
        </Button>
      </form>
    </>
  );
}
