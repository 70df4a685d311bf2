/** @type {import("next").NextConfig} */
export default {
  poweredByHeader: false,
  reactStrictMode: true,
  // `npm run verify` type-checks everything at once; the build need not do it again.
  typescript: { ignoreBuildErrors: true },
  serverExternalPackages: ["pg-boss", "pg", "@prisma/client", "@prisma/adapter-pg", "pino", "better-auth", "prom-client"],
};
