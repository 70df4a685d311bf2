import { ButtonLink } from "../ui/button.tsx";
import { Notice } from "../ui/notice.tsx";

/** For who came by a link and could not come again: the first administrator, above all. */
export function PasswordNotice() {
  return (
    <div className="px-4 pt-4 sm:px-6">
      <Notice
        title="You signed in by a link and have no password yet"
        className="mx-auto max-w-[1352px]"
        actions={
          <ButtonLink href="/account" size="sm">
            Set e-mail and password
          </ButtonLink>
        }
      >
        Set both, so that you can sign in again without a link.
      </Notice>
    </div>
  );
}
