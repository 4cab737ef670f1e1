import { request } from 'node:https';
import { rootCertificates } from 'node:tls';
import { CONSOLE_LIMITS } from './limits';

interface Asked {
  method?: string;
  headers?: Record<string, string> | Headers;
  body?: unknown;
  signal?: AbortSignal;
}

/**
 * `fetch` to an identity provider whose certificate is of an authority of the operator's own. It follows nothing, takes no answer longer
 * than one can be, and speaks TLS alone.
 */
export const trusting = (authorities: string) => (url: string, { method = 'GET', headers = {}, body, signal }: Asked): Promise<Response> =>
  new Promise((resolve, reject) => {
    const asked = request(url, { method, headers: Object.fromEntries(new Headers(headers)), ca: [...rootCertificates, authorities], minVersion: 'TLSv1.2', timeout: CONSOLE_LIMITS.identityProvider.value, ...(signal ? { signal } : {}) }, (answer) => {
      const pieces: Buffer[] = [];
      let octets = 0;
      answer.on('data', (piece: Buffer) => {
        octets += piece.length;
        if (octets > CONSOLE_LIMITS.identityAnswer.value) asked.destroy(new Error('the identity provider’s answer is too long'));
        pieces.push(piece);
      });
      answer.on('end', () => resolve(new Response(Buffer.concat(pieces), { status: answer.statusCode ?? 500, headers: Object.entries(answer.headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as [string, string]] : [])) })));
      answer.on('error', reject);
    });
    asked.on('timeout', () => asked.destroy(new Error('the identity provider does not answer')));
    asked.on('error', reject);
    asked.end(body === undefined || body === null ? undefined : String(body as { toString(): string }));
  });
