import { redirect } from "next/navigation";

/** The front door leads to the runs. */
export default function Home(): never {
  redirect("/runs");
}
