import { LoaderCircle } from "lucide-react";
import Link from "next/link";
import type { ComponentProps, ReactNode } from "react";

import { cx } from "./cx.ts";

export type ButtonVariant = "primary" | "secondary" | "ghost" | "danger" | "danger-quiet";
export type ButtonSize = "sm" | "md" | "lg";

const VARIANTS: Record<ButtonVariant, string> = {
  primary: "bg-accent text-on-accent shadow-sm enabled:hover:bg-accent-hover [a&]:hover:bg-accent-hover",
  secondary: "border border-line-strong bg-surface text-fg shadow-sm enabled:hover:bg-subtle [a&]:hover:bg-subtle",
  ghost: "text-fg-muted enabled:hover:bg-subtle enabled:hover:text-fg [a&]:hover:bg-subtle [a&]:hover:text-fg",
  danger: "bg-danger-solid text-on-danger shadow-sm enabled:hover:bg-danger-solid-hover",
  "danger-quiet": "border border-line-strong bg-surface text-danger-fg shadow-sm enabled:hover:border-danger-line enabled:hover:bg-danger-soft",
};

const SIZES: Record<ButtonSize, string> = {
  sm: "h-7 gap-1.5 rounded-sm px-2 text-xs",
  md: "h-8 gap-1.5 rounded-md px-3 text-sm",
  lg: "h-10 gap-2 rounded-md px-4 text-base",
};

const ICON_SIZES: Record<ButtonSize, string> = { sm: "size-7 rounded-sm", md: "size-8 rounded-md", lg: "size-10 rounded-md" };

const BASE =
  "inline-flex shrink-0 select-none items-center justify-center font-medium whitespace-nowrap transition-colors duration-100 disabled:cursor-not-allowed disabled:opacity-50 aria-disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0";

type Look = { variant?: ButtonVariant; size?: ButtonSize };

/** The look of a button, for what must be another element. */
export function buttonClass({
  variant = "secondary",
  size = "md",
  iconOnly = false,
  className,
}: Look & { iconOnly?: boolean; className?: string | undefined }): string {
  return cx(BASE, VARIANTS[variant], iconOnly ? ICON_SIZES[size] : SIZES[size], className);
}

export type ButtonProps = ComponentProps<"button"> & Look & { busy?: boolean };

/** A push button. `busy` keeps its width, shows a spinner and refuses clicks. */
export function Button({ variant, size, busy = false, className, children, disabled, type = "button", ...rest }: ButtonProps) {
  return (
    <button type={type} disabled={disabled === true || busy} aria-busy={busy || undefined} className={buttonClass({ variant, size, className })} {...rest}>
      {busy && <LoaderCircle aria-hidden className="animate-spin" />}
      {children}
    </button>
  );
}

/** A button with an icon alone; `label` is its name for those who don't see the icon. */
export function IconButton({
  label,
  variant = "ghost",
  size,
  className,
  children,
  type = "button",
  ...rest
}: Omit<ButtonProps, "busy" | "aria-label"> & { label: string }) {
  return (
    <button type={type} aria-label={label} className={buttonClass({ variant, size, iconOnly: true, className })} {...rest}>
      {children}
    </button>
  );
}

/** A link that looks like a button: it goes somewhere, and so stays a link. */
export function ButtonLink({ variant, size, className, children, ...rest }: ComponentProps<typeof Link> & Look & { children: ReactNode }) {
  return (
    <Link className={buttonClass({ variant, size, className })} {...rest}>
      {children}
    </Link>
  );
}
