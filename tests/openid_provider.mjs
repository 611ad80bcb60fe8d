// Two OpenID Connect providers for the tests, in one process. `plain` answers as most do; `state`
// as ProConnect does: userinfo is a signed JWT, the secret is in the body, no address is said to be
// verified. Whoever signs in says who they are, in JSON: {"sub": …, "email": …, "acr": …}.
import { createServer } from "node:http";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [modules, back, signedOut] = process.argv.slice(2);
const { default: Provider } = await import(pathToFileURL(join(modules, "oidc-provider/lib/index.js")));
const SECRET = "un-secret-de-quarante-signes-pour-essayer";
const FORM = "<!doctype html><form><label>Claims<input name=claims></label><button>Sign in</button></form>";

async function start(kind) {
  const people = new Map();
  const server = createServer();
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const method = kind === "state" ? "client_secret_post" : "client_secret_basic";
  const client = {
    client_secret: SECRET,
    redirect_uris: [back],
    post_logout_redirect_uris: [signedOut],
    token_endpoint_auth_method: method,
    ...(kind === "state" && { userinfo_signed_response_alg: "RS256" }),
  };
  const provider = new Provider(issuer, {
    clients: [{ ...client, client_id: "salon" }, { ...client, client_id: "autre-service" }],
    clientAuthMethods: [method],
    cookies: { keys: ["essai"] },
    acrValues: ["eidas1", "eidas2"],
    scopes: ["openid", "email"],
    claims: { acr: null, auth_time: null, iss: null, sid: null, openid: ["sub"], email: ["email", "email_verified"] },
    features: {
      devInteractions: { enabled: false },
      claimsParameter: { enabled: true },
      jwtUserinfo: { enabled: true },
      rpInitiatedLogout: { enabled: true },
    },
    pkce: { required: () => true },
    interactions: { url: (_, interaction) => `/sign-in/${interaction.uid}` },
    findAccount: (_, sub) => ({ accountId: sub, claims: () => people.get(sub) }),
    loadExistingGrant: async ({ oidc }) => {
      const grant = new provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
      grant.addOIDCScope("openid email");
      grant.addOIDCClaims(["acr", "email", "email_verified"]);
      await grant.save();
      return grant;
    },
  });
  const answer = provider.callback();
  server.on("request", async (request, response) => {
    const url = new URL(request.url, issuer);
    if (!url.pathname.startsWith("/sign-in/")) return answer(request, response);
    if (!url.searchParams.has("claims")) return response.end(FORM);
    const { acr, ...claims } = JSON.parse(url.searchParams.get("claims"));
    people.set(claims.sub, claims);
    return provider.interactionFinished(request, response, { login: { accountId: claims.sub, acr } });
  });
  return issuer;
}

console.log(JSON.stringify({ secret: SECRET, plain: await start("plain"), state: await start("state") }));
