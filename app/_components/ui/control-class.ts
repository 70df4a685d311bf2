/** The shared look of text inputs, text areas and selects. */
export const CONTROL_CLASS =
  "w-full rounded-md border border-line-strong bg-surface text-sm text-fg shadow-sm transition-colors duration-100 placeholder:text-fg-subtle hover:border-neutral-mark focus-visible:border-ring focus-visible:outline-offset-0 disabled:cursor-not-allowed disabled:bg-subtle disabled:opacity-60 aria-invalid:border-danger-mark aria-invalid:focus-visible:outline-danger-mark [&[readonly]]:bg-subtle";
