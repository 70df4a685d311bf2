"use client";

import { ArrowRight } from "lucide-react";

import { RelativeTime } from "#app/_components/relative-time.tsx";
import { Button } from "#app/_components/ui/button.tsx";
import { Notice } from "#app/_components/ui/notice.tsx";
import type { Settings } from "#server/contracts/settings.ts";

import { settingName, settingText } from "./change-text.ts";
import type { TheirChange } from "./settings-conflict.ts";

type ConflictNoticeProps = {
  base: Settings;
  /** Those in force now; the same as `base` while they are being asked for. */
  now: Settings;
  theirs: TheirChange[];
  onKeep: () => void;
  onDrop: () => void;
};

/** Somebody else saved meanwhile: what they changed, and the two ways on. */
export function ConflictNotice({ base, now, theirs, onKeep, onDrop }: ConflictNoticeProps) {
  const isKnown = now.version > base.version;
  const versions = now.version - base.version;
  return (
    <div role="alert">
      <Notice
        tone="warning"
        title={isKnown ? `${now.updatedBy} saved version ${now.version} meanwhile` : "The settings were changed meanwhile"}
        actions={
          <>
            <Button variant="primary" disabled={!isKnown} onClick={onKeep}>
              Keep my changes on top
            </Button>
            <Button disabled={!isKnown} onClick={onDrop}>
              Drop mine, take theirs
            </Button>
          </>
        }
      >
        {isKnown ? (
          <>
            <p>
              Yours were made from version {base.version}
              {versions > 1 && `, ${versions} versions ago`}. Theirs is in force since <RelativeTime at={now.updatedAt} />:
            </p>
            {theirs.length === 0 ? (
              <p>Nothing that differs from yours.</p>
            ) : (
              <ul aria-label="What they changed" className="flex flex-col gap-1 pt-1.5">
                {theirs.map((change) => (
                  <li key={change.path} className="flex flex-wrap items-center gap-x-1.5">
                    <span className="font-medium">{settingName(change.path)}:</span>
                    <span>{settingText(change.path, change.before)}</span>
                    <ArrowRight aria-hidden className="size-3 shrink-0" />
                    <span className="sr-only">became</span>
                    <span>{settingText(change.path, change.after)}</span>
                    {"mine" in change && <span className="font-medium">(you: {settingText(change.path, change.mine)}, which stands if you keep yours)</span>}
                  </li>
                ))}
              </ul>
            )}
          </>
        ) : (
          "What is in force is being loaded."
        )}
      </Notice>
    </div>
  );
}
