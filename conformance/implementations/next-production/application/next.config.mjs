/** The configuration of the application: what it needs to be built far from its packages, and nothing else. */

// What started a build or a server has ended: so does this.
if (process.connected) process.on('disconnect', () => process.exit(1))

export default {
  // Packages are linked from where they are installed.
  turbopack: { root: '/' },
  typescript: { ignoreBuildErrors: true },
  experimental: {
    // Which of the texts of the environment are hosts, the adapter knows.
    serverActions: {
      allowedOrigins: (process.env.USE_SERVER_ALLOWED ?? '').split(',').filter(Boolean),
    },
    turbopackSourceMaps: false,
  },
}
