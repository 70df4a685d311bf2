"use client";

import { useMutation } from "@tanstack/react-query";
import { ChevronDown, Download } from "lucide-react";
import { toast } from "sonner";

import { Button } from "#app/_components/ui/button.tsx";
import { DropdownMenu, MenuItem } from "#app/_components/ui/dropdown-menu.tsx";
import type { Selection } from "#server/contracts/dead-letters.ts";

import { deadLettersText } from "./bulk-text.ts";
import { downloadExport } from "./download-export.ts";

const FORMATS = [
  { format: "csv", label: "CSV, for spreadsheets" },
  { format: "json", label: "JSON, one array" },
  { format: "ndjson", label: "NDJSON, an object a line" },
] as const;

/** Takes what is selected along as a file. */
export function ExportMenu({ selection, count }: { selection: Selection; count: number }) {
  const save = useMutation({
    mutationFn: (format: (typeof FORMATS)[number]["format"]) => downloadExport({ ...selection, format }),
    onSuccess: () => void toast.success(`${deadLettersText(count)} exported`, { description: "The file is among your downloads." }),
    onError: (error) => void toast.error("The export failed", { description: error.message }),
  });
  return (
    <DropdownMenu
      label="Export as"
      trigger={
        <Button busy={save.isPending}>
          {!save.isPending && <Download aria-hidden />}
          Export
          <ChevronDown aria-hidden className="text-fg-subtle" />
        </Button>
      }
    >
      {FORMATS.map(({ format, label }) => (
        <MenuItem key={format} onSelect={() => save.mutate(format)}>
          {label}
        </MenuItem>
      ))}
    </DropdownMenu>
  );
}
