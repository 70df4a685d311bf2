"use client";

import { useRef, useState } from "react";
import type { FormEvent } from "react";

import { Button } from "#app/_components/ui/button.tsx";
import { Field } from "#app/_components/ui/field.tsx";
import { Input } from "#app/_components/ui/input.tsx";
import { Notice } from "#app/_components/ui/notice.tsx";

import { signIn } from "./sign-in.ts";

function textOf(data: FormData, name: string): string {
  const value = data.get(name);
  return typeof value === "string" ? value : "";
}

/** E-mail and password; on success a full load of `next`, so that nothing from before stays in memory. */
export function SignInForm({ next }: { next: string }) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const password = useRef<HTMLInputElement>(null);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy) return;
    const data = new FormData(event.currentTarget);
    setBusy(true);
    setProblem(null);
    const result = await signIn(textOf(data, "email").trim(), textOf(data, "password"));
    if (result.ok) {
      window.location.assign(next);
      return;
    }
    setBusy(false);
    setProblem(result.message);
    password.current?.select();
  };

  return (
    <form aria-label="Sign in" method="post" onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
      {problem !== null && (
        <div role="alert">
          <Notice tone="danger">{problem}</Notice>
        </div>
      )}
      <Field label="E-mail">{(control) => <Input {...control} name="email" type="email" autoComplete="username" required autoFocus className="h-10!" />}</Field>
      <Field label="Password">
        {(control) => <Input {...control} ref={password} name="password" type="password" autoComplete="current-password" required className="h-10!" />}
      </Field>
      <Button type="submit" variant="primary" size="lg" busy={busy}>
        Sign in
      </Button>
    </form>
  );
}
