import { authorizationCodeGrant, buildAuthorizationUrl, calculatePKCECodeChallenge, type Configuration, customFetch, discovery, randomNonce, randomPKCECodeVerifier, randomState } from 'openid-client';
import { CONSOLE_LIMITS } from './limits';
import { trusting } from './trusted-fetch';

export interface IdentityProviderOptions {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Our own origin, to which it sends people back. */
  origin: string;
  /** PEM of authorities to trust beside the machine's own. */
  authorities?: string;
  /** `acr` by which it says that a second factor was used, and by which it is asked for one. Absent: `amr` alone says so. */
  secondFactor?: string;
}

/** What binds an answer to the question, and both to one browser. */
export interface Question {
  url: URL;
  state: string;
  nonce: string;
  verifier: string;
}

export interface Vouched {
  issuer: string;
  subject: string;
  secondFactor: boolean;
}

/** RFC 8176: several factors were used. A single one of them, however strong, is not that. */
const MULTI_FACTOR = 'mfa';

/** OpenID Connect: authorisation code with PKCE, state and nonce. Whoever comes back is vouched for by the provider, and by nobody else. */
export class IdentityProvider {
  private found: Promise<Configuration> | undefined;

  constructor(private readonly options: IdentityProviderOptions) {}

  /** Where to send a browser. The provider asks anew who sits there: a desk that somebody left is not signed in by a click. */
  async ask({ secondFactor }: { secondFactor: boolean }): Promise<Question> {
    const [state, nonce, verifier] = [randomState(), randomNonce(), randomPKCECodeVerifier()];
    const url = buildAuthorizationUrl(await this.configuration(), {
      redirect_uri: this.back, scope: 'openid', state, nonce, code_challenge: await calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256', prompt: 'login', max_age: String(CONSOLE_LIMITS.session.value / 1_000),
      ...(secondFactor && this.options.secondFactor ? { acr_values: this.options.secondFactor } : {}),
    });
    return { url, state, nonce, verifier };
  }

  /** @throws Error when the answer is not one to this question, or the provider does not vouch */
  async answer(query: string, { state, nonce, verifier }: Omit<Question, 'url'>): Promise<Vouched> {
    const tokens = await authorizationCodeGrant(await this.configuration(), new URL(`${this.back}${query}`), { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true, maxAge: CONSOLE_LIMITS.session.value / 1_000 });
    const claims = tokens.claims();
    if (!claims) throw new Error('no ID token');
    const { acr, amr } = claims;
    return { issuer: claims.iss, subject: claims.sub, secondFactor: (this.options.secondFactor !== undefined && acr === this.options.secondFactor) || (Array.isArray(amr) && amr.includes(MULTI_FACTOR)) };
  }

  private get back(): string {
    return `${this.options.origin}/sign-in/back`;
  }

  /** Looked up when first needed and kept; what failed is looked up again. */
  private configuration(): Promise<Configuration> {
    this.found ??= this.discover().catch((error: unknown) => {
      this.found = undefined;
      throw error;
    });
    return this.found;
  }

  private discover(): Promise<Configuration> {
    const { issuer, clientId, clientSecret, authorities } = this.options;
    return discovery(new URL(issuer), clientId, clientSecret, undefined, { timeout: CONSOLE_LIMITS.identityProvider.value / 1_000, ...(authorities ? { [customFetch]: trusting(authorities) as never } : {}) });
  }
}
