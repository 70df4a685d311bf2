/** For answers that are no pages: nothing in them is ever to be run or framed, whatever a browser takes them for. Pages get their policy in proxy.ts. */
const DATA_POLICY = { key: "Content-Security-Policy", value: "default-src 'none'; frame-ancestors 'none'" };

/** @type {import("next").NextConfig} */
export default {
  poweredByHeader: false,
  reactStrictMode: true,
  // `npm run verify` type-checks everything at once; the build need not do it again.
  typescript: { ignoreBuildErrors: true },
  serverExternalPackages: ["pg-boss", "pg", "@prisma/client", "@prisma/adapter-pg", "pino", "better-auth", "prom-client"],
  headers: async () => [
    {
      source: "/:path*",
      headers: [
        { key: "X-Content-Type-Options", value: "nosniff" },
        { key: "X-Frame-Options", value: "DENY" },
        { key: "Referrer-Policy", value: "same-origin" },
        { key: "Permissions-Policy", value: "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()" },
        { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
        { key: "Cross-Origin-Resource-Policy", value: "same-origin" },
      ],
    },
    { source: "/api/:path*", headers: [DATA_POLICY] },
    { source: "/metrics", headers: [DATA_POLICY] },
  ],
};
