import { changeRoleSchema, inviteUserSchema, userIdSchema } from "../../contracts/access.ts";
import { changeRole } from "../../users/change-role.ts";
import { disableUser, enableUser } from "../../users/disable-user.ts";
import { inviteUser } from "../../users/invite-user.ts";
import { listUsers } from "../../users/list-users.ts";
import { removeUser } from "../../users/remove-user.ts";
import { resetPassword } from "../../users/reset-password.ts";
import { input } from "../input.ts";
import { administratorProcedure, router } from "../procedures.ts";

/** Those who may sign in. */
export const usersRouter = router({
  list: administratorProcedure.query(({ ctx }) => listUsers(ctx)),
  invite: administratorProcedure.input(input(inviteUserSchema)).mutation(({ ctx, input: wanted }) => inviteUser(ctx, wanted)),
  changeRole: administratorProcedure.input(input(changeRoleSchema)).mutation(({ ctx, input: wanted }) => changeRole(ctx, wanted)),
  disable: administratorProcedure.input(input(userIdSchema)).mutation(({ ctx, input: wanted }) => disableUser(ctx, wanted)),
  enable: administratorProcedure.input(input(userIdSchema)).mutation(({ ctx, input: wanted }) => enableUser(ctx, wanted)),
  remove: administratorProcedure.input(input(userIdSchema)).mutation(({ ctx, input: wanted }) => removeUser(ctx, wanted)),
  resetPassword: administratorProcedure.input(input(userIdSchema)).mutation(({ ctx, input: wanted }) => resetPassword(ctx, wanted)),
});
