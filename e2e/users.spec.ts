import { axeFindings } from "./support/axe.ts";
import { expect, test } from "./support/test.ts";

/** Tokens, users, sessions and the audit log, as people meet them. */

test("a token is made and revoked with the keyboard alone; its secret is shown once and works until then", async ({ page, suite }) => {
  await page.goto("/access");
  await page.getByRole("button", { name: "New token" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "New token" })).toBeVisible();
  expect(await axeFindings(page), "the dialog").toEqual([]);
  await page.keyboard.type("by keyboard");
  await page.keyboard.press("Enter");
  const secret = await page.getByRole("region", { name: "Token" }).innerText();
  expect(secret).toMatch(/^corral_[\w-]{43}$/);
  expect(await axeFindings(page), "the secret").toEqual([]);
  await page.getByRole("button", { name: "Done" }).press("Enter");
  await expect(page.getByText(secret)).toHaveCount(0);

  const ask = () => page.request.get(`${suite.url}/api/v1/lanes`, { headers: { authorization: `Bearer ${secret}` } });
  expect((await ask()).status()).toBe(200);
  await page.getByRole("button", { name: "Revoke by keyboard" }).press("Enter");
  await page.getByRole("alertdialog").getByRole("button", { name: "Revoke" }).press("Enter");
  await expect(page.getByRole("listitem").filter({ hasText: "by keyboard" }).getByText("Revoked", { exact: true })).toBeVisible();
  expect((await ask()).status()).toBe(401);
});

test("an invitation, a role, a reset and the end of an account", async ({ page, browser, suite }) => {
  const email = `person-${Date.now()}@example.test`;
  await page.goto("/access");
  await page.getByRole("button", { name: "Invite" }).click();
  await page.getByRole("textbox", { name: "E-mail" }).fill(email);
  await page.getByRole("combobox", { name: "Role" }).selectOption("operator");
  await page.getByRole("button", { name: "Make invitation" }).click();
  const link = await page.getByRole("region", { name: "Link" }).innerText();
  expect(await axeFindings(page), "the link").toEqual([]);
  await page.getByRole("button", { name: "Done" }).click();

  const context = await browser.newContext({ baseURL: suite.url, storageState: { cookies: [], origins: [] } });
  const theirs = await context.newPage();
  await theirs.goto(link);
  await expect(theirs.getByRole("heading", { name: "You are invited" })).toBeVisible();
  // The secret is gone from the address, and so from the history.
  expect(theirs.url()).toBe(`${suite.url}/welcome`);
  expect(await axeFindings(theirs), "the invitation").toEqual([]);
  await theirs.getByRole("textbox", { name: "Your name" }).fill("Person");
  await theirs.getByLabel("Password").fill("short");
  await theirs.getByRole("button", { name: "Set password and come in" }).click();
  await expect(theirs.getByText("must be at least 12 characters")).toBeVisible();
  await theirs.getByLabel("Password").fill("a long enough password");
  await theirs.getByRole("button", { name: "Set password and come in" }).click();
  await theirs.waitForURL(/\/runs/);
  await theirs.goto("/access");
  await expect(theirs.getByText("No token yet").filter({ visible: true })).toBeVisible();
  await expect(theirs.getByRole("list", { name: "Users" })).toHaveCount(0);
  await theirs.goto("/audit");
  await expect(theirs.getByText("This is for administrators").filter({ visible: true })).toBeVisible();
  await theirs.goto("/account");
  await expect(theirs.getByRole("list", { name: "Sessions" }).getByRole("listitem")).toHaveCount(1);
  expect(await axeFindings(theirs), "the account").toEqual([]);
  await theirs.getByLabel("Current password").fill("a long enough password");
  await theirs.getByLabel("New password").fill("an even longer password");
  await theirs.getByRole("button", { name: "Change password" }).click();
  await expect(theirs.getByText("Your password is set")).toBeVisible();

  await page.reload();
  await page.getByRole("button", { name: "Actions for Person" }).click();
  await page.getByRole("menuitemradio", { name: "Viewer" }).click();
  await expect(page.getByRole("listitem").filter({ hasText: email }).getByText("Viewer")).toBeVisible();
  await theirs.goto("/runs/new");
  await expect(theirs.getByText("You may look, not submit").filter({ visible: true })).toBeVisible();

  await page.getByRole("button", { name: "Actions for Person" }).click();
  await page.getByRole("menuitem", { name: "Disable" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Disable" }).click();
  await expect(page.getByRole("listitem").filter({ hasText: email }).getByText("Disabled")).toBeVisible();
  await theirs.goto("/runs");
  await expect(theirs).toHaveURL(/\/sign-in/);
  await theirs.getByLabel("E-mail").fill(email);
  await theirs.getByLabel("Password").fill("an even longer password");
  await theirs.getByRole("button", { name: "Sign in" }).click();
  await expect(theirs.getByText("E-mail or password is wrong.")).toBeVisible();
  await theirs.goto(link);
  await expect(theirs.getByText("This link no longer works").filter({ visible: true })).toBeVisible();
  await context.close();

  await page.getByRole("button", { name: "Actions for Person" }).click();
  await page.getByRole("menuitem", { name: "Remove" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Remove" }).click();
  await expect(page.getByText(email)).toHaveCount(0);

  await page.goto("/settings");
  await page.getByRole("link", { name: "Audit log" }).click();
  await expect(page.getByRole("list", { name: "Entries" }).getByText("removed").first()).toBeVisible();
  await page.getByRole("combobox", { name: "What" }).selectOption("session");
  await expect(page.getByText("could not sign in").first()).toBeVisible();
  await page.getByRole("searchbox", { name: "By whom" }).fill("nobody at all");
  await expect(page.getByText("Nothing matches")).toBeVisible();
  await page.getByRole("button", { name: "Clear" }).click();
  await expect(page.getByRole("list", { name: "Entries" })).toBeVisible();
});

test("what can't be loaded says so, and is asked for again", async ({ page }) => {
  await page.route(/\/api\/trpc\/.*tokens\.list/, (route) => route.abort());
  await page.goto("/access");
  await expect(page.getByText("The tokens could not be loaded").filter({ visible: true })).toBeVisible();
  await page.unroute(/\/api\/trpc\/.*tokens\.list/);
  // What was asked for in the same request may have failed with it, and has a Retry of its own.
  await page.getByRole("region", { name: "API tokens" }).getByRole("button", { name: "Retry" }).click();
  await expect(page.getByText("The tokens could not be loaded")).toHaveCount(0);
});
