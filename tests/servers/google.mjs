// google.mjs FILE: a strict OAuth server (oidc-provider) and a mock of Google Drive (google-drive-mock), each on a free
// port of the loopback interface. Their addresses are in FILE once they answer.
import { renameSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import Provider from "oidc-provider";

const DRIVE = "https://www.googleapis.com/auth/drive.readonly";
const NATIVE = {
  application_type: "native",
  redirect_uris: ["http://127.0.0.1/"],
  grant_types: ["authorization_code", "refresh_token"],
  response_types: ["code"],
};

/** Listens on a free port; its address. */
async function listen(server) {
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return `http://127.0.0.1:${server.address().port}`;
}

async function oauth() {
  const server = createServer();
  const issuer = await listen(server);
  const provider = new Provider(issuer, {
    clients: [
      { ...NATIVE, client_id: "muster-test", token_endpoint_auth_method: "none" },
      // As Google's own: an app for a desktop that has a secret all the same.
      {
        ...NATIVE,
        client_id: "muster-secret",
        client_secret: "secretofthedesktopclient",
        token_endpoint_auth_method: "client_secret_post",
      },
      // Drive's side, which asks whether a token is good.
      {
        client_id: "drive",
        client_secret: "drive-s-secret",
        token_endpoint_auth_method: "client_secret_post",
        redirect_uris: [],
        grant_types: [],
        response_types: [],
      },
    ],
    scopes: ["openid", "offline_access", DRIVE],
    pkce: { required: () => true },
    issueRefreshToken: () => true,
    // A refresh token is good once: one that is used twice ends the sign-in.
    rotateRefreshToken: true,
    ttl: { AccessToken: Number(process.env.MUSTER_TEST_TOKEN_LIFE ?? 3600) },
    features: {
      devInteractions: { enabled: true },
      introspection: { enabled: true },
      revocation: { enabled: true },
    },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    cookies: { keys: ["only for tests"] },
  });
  server.on("request", provider.callback());
  return issuer;
}

async function drive() {
  const { createApp } = createRequire(import.meta.url)("google-drive-mock");
  return listen(createServer(createApp()));
}

const [, , file] = process.argv;
const addresses = [`oauth=${await oauth()}`, `drive=${await drive()}`];
// Whole or not at all: somebody waits for it.
writeFileSync(`${file}.new`, `${addresses.join("\n")}\n`);
renameSync(`${file}.new`, file);
