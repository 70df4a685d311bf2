"use client";

import { Search } from "lucide-react";
import { useEffect, useRef, useState } from "react";

import { Input } from "#app/_components/ui/input.tsx";

/** Long enough to type the next letter. */
const DEBOUNCE_MS = 250;

/** A search field that speaks when the typing pauses, and follows when the value changes elsewhere (Back, Clear). */
export function SearchBox({ label, placeholder, value, onChange }: { label: string; placeholder: string; value: string; onChange: (value: string) => void }) {
  const [text, setText] = useState(value);
  const [known, setKnown] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  if (value !== known) {
    setKnown(value);
    setText(value);
  }
  useEffect(() => () => clearTimeout(timer.current), []);
  const say = (next: string) => {
    clearTimeout(timer.current);
    setKnown(next);
    onChange(next);
  };
  return (
    <Input
      type="search"
      aria-label={label}
      placeholder={placeholder}
      icon={<Search />}
      maxLength={200}
      value={text}
      onChange={(event) => {
        const next = event.target.value;
        setText(next);
        clearTimeout(timer.current);
        timer.current = setTimeout(() => say(next.trim()), DEBOUNCE_MS);
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter") say(text.trim());
      }}
    />
  );
}
