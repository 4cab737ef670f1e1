import { MAIL_FAULTS, type MailFault } from '#mail/faults';
import type { Posture } from '#mail/probing';
import type { DomainFault, Found } from '#mail/requirement';
import { amber, type Check, type Finding, green, red } from '../doctor/check';

type Look = (posture: Posture) => readonly Finding[];

const POLICY_FIX = 'Publish an MTA-STS policy in mode enforce (RFC 8461), or TLSA records in a signed zone (RFC 7672); or have the co-ordinator record the domain’s hosts.';

const DOMAIN_FIXES: Record<DomainFault, string> = {
  'no-mx': 'Publish MX records, or correct the domain.',
  'takes-no-mail': 'Use the domain that takes the agency’s mail.',
  'not-secure': POLICY_FIX,
  'not-its-hosts': 'Make policy, record and MX name the same hosts.',
  'dns-failed': 'Mend the zone’s signatures (see the DNS server’s log), or this machine’s resolver: it must validate and run on this machine.',
  'policy-not-had': 'Serve the policy at https://mta-sts.<domain>/.well-known/mta-sts.txt as text/plain, with a certificate for that name, without a redirect, each field once.',
};

const HOST_FIXES: Partial<Record<MailFault, string>> = {
  'no-starttls': 'Switch STARTTLS on, and see that no firewall takes it out.',
  'no-tls': 'Have it take TLS 1.2 with ECDHE and AES-GCM or ChaCha20, or TLS 1.3, with a certificate by a public authority for the name in MX.',
  'dane-mismatch': 'Publish TLSA records for the certificate that it uses now, before it is changed.',
  inside: 'Give it a public address, or have the operator permit its network (WAYBILL_EGRESS_PERMIT).',
};

const hosts: Look = ({ rules }) =>
  rules.ok ? [green(`mail goes to ${rules.hosts.map(({ host, proofs }) => `${host} (${proofs.join(', ')})`).join(', ')}`)] : [red(MAIL_FAULTS[rules.fault].says, DOMAIN_FIXES[rules.fault])];

const policy: Look = ({ records: { sts } }) => {
  if (sts.state === 'failed') return [amber('a policy could not be had', DOMAIN_FIXES['policy-not-had'])];
  if (sts.state === 'none') return [amber('there is none', POLICY_FIX)];
  const says = `mode ${sts.policy.mode}, id ${sts.id}, for ${sts.policy.maxAge} s`;
  return [sts.policy.mode === 'enforce' ? green(says) : amber(`${says}: it protects nothing`, 'Set mode to enforce, and a new id in the TXT record.')];
};

const dane: Look = ({ rules, records: { mx } }) => {
  if (rules.ok && rules.hosts.every(({ proofs }) => proofs.includes('dane'))) return [green('keys of every host stand in signed DNS')];
  const signed = mx.state === 'found' && mx.secure;
  return [amber(signed ? 'the zone is signed, and holds no keys of some host' : 'MX records are not signed', signed ? 'Publish TLSA 3 1 1 at _25._tcp. of each host.' : 'Sign the zone with DNSSEC; TLSA records can stand there then.')];
};

const tls: Look = ({ hosts: probed }) =>
  probed.flatMap(({ host, fault, versions }) => {
    const old = versions.filter((version) => version < '1.2');
    const takes = `${host} takes ${versions.length > 0 ? `TLS ${versions.join(', ')}` : 'no TLS'}`;
    if (fault) return [red(`${takes}; ${MAIL_FAULTS[fault].says}`, HOST_FIXES[fault] ?? 'See that it answers on port 25 from here, and try again.')];
    return [old.length > 0 ? amber(`${takes}: ${old.join(' and ')} ${old.length > 1 ? 'are' : 'is'} broken`, 'Switch TLS 1.0 and 1.1 off; others may still be talked into them.') : green(takes)];
  });

const textOf = (found: Found<string>, begin: string): string | undefined => (found.state === 'found' ? found.records.find((text) => text.startsWith(begin)) : undefined);

const dmarc: Look = ({ dmarc: found }) => {
  const wanted = /(?:^|;) *p *= *(none|quarantine|reject) *(?:;|$)/i.exec(textOf(found, 'v=DMARC1') ?? '')?.[1]?.toLowerCase();
  if (wanted === 'reject' || wanted === 'quarantine') return [green(`p=${wanted}`)];
  return [amber(wanted ? 'p=none: anybody can send in its name' : 'there is none: anybody can send in its name', 'Publish _dmarc with p=quarantine or p=reject (RFC 7489).')];
};

const reports: Look = ({ tlsRpt }) => [textOf(tlsRpt, 'v=TLSRPTv1') ? green('others tell it when TLS fails') : amber('nobody tells it when TLS fails', 'Publish _smtp._tls with rua= (RFC 8460).')];

/** What is looked at in a mail domain. Red: it is no secure domain, and nothing is sent to it by mail. */
export const DOMAIN_CHECKS: readonly Check<Posture>[] = [
  { about: 'hosts', look: hosts }, { about: 'TLS', look: tls }, { about: 'MTA-STS', look: policy }, { about: 'DANE', look: dane }, { about: 'DMARC', look: dmarc }, { about: 'TLS-RPT', look: reports },
];
