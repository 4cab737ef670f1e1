/**
 * What can go wrong with TLS on the way to a mail domain (RFC 8460, 4.3), and what mends it: for whoever keeps that domain. A name that the RFC does not know is
 * counted as `validation-failure`, which is what the RFC has it mean.
 */
export const TLS_RESULTS = {
  'starttls-not-supported': { says: 'the host did not offer to begin TLS', fix: 'Switch STARTTLS on, and see that no firewall takes it out.' },
  'certificate-host-mismatch': { says: 'the certificate does not name the host that MX names', fix: 'Have the certificate name every host of the domain’s MX records.' },
  'certificate-expired': { says: 'the certificate had run out', fix: 'Renew the certificate, and have its renewal watched.' },
  'certificate-not-trusted': { says: 'no authority that everybody knows vouches for the certificate', fix: 'Use a certificate by a public authority, and have the host send every certificate between.' },
  'validation-failure': { says: 'TLS failed in some other way: mostly a host that the policy does not know, or no version and cipher in common', fix: 'Have policy and MX name the same hosts, and have these take TLS 1.2 with ECDHE, or 1.3: waybill domain check.' },
  'tlsa-invalid': { says: 'the certificate is none of those of which the keys in DNS speak', fix: 'Publish TLSA records for the certificate that the host uses now, before it is changed.' },
  'dnssec-invalid': { says: 'the keys in DNS could not be had, or do not validate', fix: 'Mend the zone’s signatures: the DNS server’s log says which.' },
  'dane-required': { says: 'the sender wants keys in signed DNS, and there are none', fix: 'Publish TLSA 3 1 1 at _25._tcp. of each host, in a signed zone.' },
  'sts-policy-fetch-error': { says: 'the domain says that it has a policy, and it could not be fetched', fix: 'Serve it at https://mta-sts.<domain>/.well-known/mta-sts.txt, without a redirect.' },
  'sts-policy-invalid': { says: 'the policy cannot be read', fix: 'Serve it as text/plain, each field once: waybill domain check.' },
  'sts-webpki-invalid': { says: 'the policy’s own server has a certificate that does not hold', fix: 'Renew the certificate of mta-sts.<domain>, by a public authority.' },
} as const satisfies Record<string, { says: string; fix: string }>;
export type TlsResult = keyof typeof TLS_RESULTS;

export const isTlsResult = (text: string): text is TlsResult => Object.hasOwn(TLS_RESULTS, text);

/** By what a domain asks for TLS (RFC 8460, 4.4). */
export const TLS_POLICIES = ['sts', 'tlsa', 'no-policy-found'] as const;
export type TlsPolicy = (typeof TLS_POLICIES)[number];
