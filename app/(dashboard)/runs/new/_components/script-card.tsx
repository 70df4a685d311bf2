"use client";

import { FlaskConical } from "lucide-react";
import { useRef, useState } from "react";
import type { DragEvent } from "react";
import { toast } from "sonner";

import { Button } from "#app/_components/ui/button.tsx";
import { Card } from "#app/_components/ui/card.tsx";
import { cx } from "#app/_components/ui/cx.ts";
import { DropdownMenu, MenuItem } from "#app/_components/ui/dropdown-menu.tsx";
import { Tab, TabList, TabPanel, Tabs } from "#app/_components/ui/tabs.tsx";

import { CodeEditor } from "./code-editor.tsx";
import type { Language } from "./languages.ts";
import { languageOf } from "./run-draft.ts";
import type { RunDraft } from "./run-draft.ts";

const MAX_FILE_BYTES = 1024 * 1024;

export type SampleChoice = { id: string; title: string; description: string; language: string };

type ScriptCardProps = {
  draft: RunDraft;
  languages: Language[];
  samples: readonly SampleChoice[];
  error: string | undefined;
  onLanguage: (language: string) => void;
  onSource: (source: string) => void;
  /** A file was dropped or opened: it takes the source's place, and may tell its language and name. */
  onFile: (file: { name: string; source: string; language: string | null }) => void;
  onSample: (id: string) => void;
};

/** The script: language tabs, samples, and the editor, onto which a file may be dropped. */
export function ScriptCard({ draft, languages, samples, error, onLanguage, onSource, onFile, onSample }: ScriptCardProps) {
  const [dropping, setDropping] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
  const language = languages.find((one) => one.id === draft.language);

  const load = async (file: File) => {
    if (file.size > MAX_FILE_BYTES) {
      toast.error(`${file.name} is larger than 1 MiB`);
      return;
    }
    const source = await file.text();
    if (source.includes("\0")) {
      toast.error(`${file.name} is not a text file`);
      return;
    }
    onFile({ name: file.name, source, language: languageOf(file.name, source) });
  };
  const carriesFile = (event: DragEvent) => event.dataTransfer.types.includes("Files");

  return (
    <Card flush className="relative">
      <Tabs value={draft.language} onValueChange={onLanguage}>
        {/* One row whatever languages the workers turn out to offer, so that the editor stays where it is. */}
        <div className="flex flex-col border-b border-line sm:flex-row sm:items-center sm:gap-x-4 sm:pr-3">
          <TabList aria-label="Language" className="-mb-px min-w-0 flex-1 gap-3! border-b-0!">
            {languages.map((one) => (
              <Tab key={one.id} value={one.id} title={one.version === null ? undefined : `${one.title} ${one.version}`}>
                {one.title}
              </Tab>
            ))}
          </TabList>
          <div className="shrink-0 py-1.5 pl-4">
            <DropdownMenu
              label="Samples"
              trigger={
                <Button size="sm" disabled={samples.length === 0}>
                  <FlaskConical aria-hidden />
                  Samples
                </Button>
              }
            >
              {samples.map((sample) => (
                <MenuItem key={sample.id} className="h-auto! max-w-80 flex-col items-start! gap-0! py-1.5" onSelect={() => onSample(sample.id)}>
                  <span className="font-medium">{sample.title}</span>
                  <span className="text-xs text-fg-subtle">
                    {languages.find((one) => one.id === sample.language)?.title ?? sample.language} · {sample.description}
                  </span>
                </MenuItem>
              ))}
            </DropdownMenu>
          </div>
        </div>
        <TabPanel
          value={draft.language}
          tabIndex={-1}
          onDragOver={(event) => {
            if (!carriesFile(event)) return;
            event.preventDefault();
            setDropping(true);
          }}
          onDragLeave={(event) => {
            if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setDropping(false);
          }}
          onDrop={(event) => {
            setDropping(false);
            const file = event.dataTransfer.files[0];
            if (!file) return;
            event.preventDefault();
            void load(file);
          }}
        >
          <CodeEditor
            id="source"
            label="Script"
            value={draft.source}
            onChange={onSource}
            placeholder={language?.placeholder ?? ""}
            language={draft.language}
            indent={language?.indent ?? 2}
            invalid={error !== undefined}
            describedBy={error === undefined ? "source-hint" : "source-hint source-error"}
          />
          <div className="flex flex-wrap justify-between gap-x-4 gap-y-1 border-t border-line px-4 py-1.5 text-xs text-fg-subtle">
            {error === undefined ? (
              <span>
                <button
                  type="button"
                  className="cursor-pointer rounded-sm font-medium text-accent-fg underline underline-offset-2"
                  onClick={() => picker.current?.click()}
                >
                  Open a file
                </button>
                , or drop one here
              </span>
            ) : (
              <span id="source-error" role="alert" className="text-danger-fg">
                {error}
              </span>
            )}
            <span id="source-hint">Tab indents; Esc, then Tab leaves the editor</span>
          </div>
          <input
            ref={picker}
            type="file"
            hidden
            aria-label="Script file"
            onChange={(event) => {
              const file = event.target.files?.[0];
              event.target.value = "";
              if (file) void load(file);
            }}
          />
          <div
            aria-hidden
            className={cx(
              "pointer-events-none absolute inset-2 z-10 items-center justify-center rounded-lg border-2 border-dashed border-accent bg-accent-soft text-base font-medium text-accent-fg",
              dropping ? "flex" : "hidden",
            )}
          >
            Drop to load the script
          </div>
        </TabPanel>
      </Tabs>
    </Card>
  );
}
