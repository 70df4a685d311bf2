import { CodeBlock } from "#app/_components/ui/code-block.tsx";
import { Notice } from "#app/_components/ui/notice.tsx";

/** A secret that is shown this once, to be copied now. */
export function ShownOnce({ label, value, children }: { label: string; value: string; children: string }) {
  return (
    <div className="flex flex-col gap-3">
      <CodeBlock label={label} code={value} />
      <Notice tone="warning" title="It is shown this once">
        {children}
      </Notice>
    </div>
  );
}
