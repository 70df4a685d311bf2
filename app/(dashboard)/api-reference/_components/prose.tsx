/** The document's sentences: what stands between backticks is code. */
export function Prose({ text }: { text: string }) {
  return (
    <>
      {text.split("`").map((part, index) =>
        index % 2 === 0 ? (
          part
        ) : (
          <code key={index} className="font-mono text-xs text-fg">
            {part}
          </code>
        ),
      )}
    </>
  );
}

/** The same over several paragraphs. */
export function Paragraphs({ text }: { text: string }) {
  return (
    <div className="flex max-w-3xl flex-col gap-2 text-fg-muted">
      {text.split(/\n\n/).map((paragraph, index) => (
        <p key={index}>
          <Prose text={paragraph.replaceAll("\n", " ")} />
        </p>
      ))}
    </div>
  );
}
