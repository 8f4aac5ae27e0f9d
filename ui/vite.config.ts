import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [react()],
  // Tauri expects this port (`devUrl`) and must not be given another one silently.
  server: { port: 5173, strictPort: true, host: "127.0.0.1" },
  clearScreen: false,
  build: {
    target: ["es2022", "safari16"],
    // One local bundle is read from disk; splitting it would only add requests.
    chunkSizeWarningLimit: 2500,
  },
  test: {
    environment: "jsdom",
    setupFiles: ["./tests/setup.ts"],
    include: ["src/**/*.test.{ts,tsx}"],
    css: false,
    testTimeout: 60_000,
  },
});
