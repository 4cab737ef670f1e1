import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { standing } from '#envelope/certificates';
import { digestOfKey } from '#envelope/authority-keys';
import { ownsKey } from '#envelope/certificate-request';
import { grouped } from '#enrolment/fingerprint';
import { LIMITS } from '#protocol/limits';
import { VERSION, WIRE_FORMATS } from '#protocol/version';
import { othersCanRead } from '../files';
import { passphraseOf } from '../home';
import { kidOf } from '../enrol/gateway-keys';
import { amber, type Check, ending, type Finding, green, red } from './check';
import type { HomeFacts } from './home-facts';
import { KEY_CHECKS } from './key-checks';

type Look = (facts: HomeFacts) => readonly Finding[];

const NODE_FLOOR = 24;
const S = 1_000;
/** A minute is a clock that nobody sets; the wire bears with five. */
const SKEW_S = 60;
const ROTATE_CLIENT = 'Make a new one: waybill enrol rotate --client';

const node: Look = ({ node: version }) =>
  [Number(version.split('.')[0]) >= NODE_FLOOR ? green(`Node ${version}`) : red(`Node ${version} is older than ${NODE_FLOOR}`, `Run it with Node ${NODE_FLOOR} or later: it comes with the package.`)];

const folder: Look = ({ home }) => [othersCanRead(home) ? red(`${home} can be read by others`, `chmod 700 ${home}`) : green(`${home} is yours alone`)];

const secrets: Look = ({ home, file }) => {
  const open = [...new Set([file.clientKey, file.signingKey, ...file.openingKeys, ...(file.passphraseFile ? [file.passphraseFile] : [])])].map((name) => join(home, name)).filter(othersCanRead);
  return open.length === 0 ? [green('secret keys are readable by you alone')] : open.map((path) => red(`${path} can be read by others`, `chmod 600 ${path}; if somebody may have read it, have it revoked and make a new key: waybill enrol rotate`));
};

const dns: Look = ({ file, addresses }) => {
  const { hostname } = new URL(file.gateway);
  return [addresses.ok ? green(`${hostname} is ${addresses.value.join(', ')}`) : red(`${hostname} has no address (${addresses.code})`, 'Correct `gateway` in waybill.json, or ask whoever runs your network to let this machine resolve it.')];
};

const chain: Look = ({ file, tls }) => {
  if (!tls.ok) return [red(`${file.gateway} does not answer (${tls.code})`, 'Ask whoever runs your network to let this machine reach it; if others cannot either, ring the operator.')];
  const { authorized, because, certificate } = tls.value;
  return [authorized ? green(`its certificate is by the authority that you pinned, for this name`) : red(`its certificate is not to be trusted: ${because ?? 'unknown'} (${certificate.subject.replaceAll('\n', ', ')})`, 'Do not go on; ring the operator, by a number that you know, and ask whether the gateway has a new authority or a new name.')];
};

const gatewayCertificate: Look = ({ tls, now }) => (tls.ok ? [ending('the gateway’s certificate', tls.value.certificate.validToDate, { now, fix: 'Tell the operator, who renews it.' })] : []);

const clock: Look = ({ gateway, now }) => {
  if (!gateway.ok) return [];
  const skew = Math.round((now.getTime() - Date.parse(gateway.value.serverTime)) / S);
  const says = `this clock is ${Math.abs(skew)} s ${skew < 0 ? 'behind' : 'ahead of'} the gateway’s`;
  const fix = 'Have this machine take its time from a time server (NTP).';
  if (Math.abs(skew) > LIMITS.createdAhead.value) return [red(says, fix)];
  return [Math.abs(skew) > SKEW_S ? amber(says, fix) : green(says)];
};

const version: Look = ({ gateway, file }) => {
  if (!gateway.ok) return [red(`the gateway does not say which it is (${gateway.code})`, 'Mend what stands above it; if nothing does, ring the operator.')];
  const { value: told } = gateway;
  if (told.gateway !== file.gateway) return [red(`what answers calls itself ${told.gateway}, not ${file.gateway}`, 'Correct `gateway` in waybill.json; your pins must be for the same.')];
  if (!WIRE_FORMATS.every((format) => told.formats.includes(format))) return [red(`waybill ${VERSION} and the gateway’s ${told.version} have no format in common`, 'Bring this program to the gateway’s version.')];
  return [told.version === VERSION ? green(`waybill ${VERSION}, as the gateway`) : amber(`waybill ${VERSION}, the gateway ${told.version}`, 'Bring this program to the gateway’s version when you can; both understand each other.')];
};

const clientCertificate: Look = ({ home, file, now }) => {
  const certificate = new X509Certificate(readFileSync(join(home, file.clientCertificate)));
  const passphrase = passphraseOf(home, file);
  const fits = ownsKey(readFileSync(join(home, file.clientKey), 'utf8'), digestOfKey(certificate.publicKey), passphrase);
  return [ending('your client certificate', certificate.validToDate, { now, fix: ROTATE_CLIENT }), ...(fits ? [] : [red('your client key does not belong to your client certificate', 'Put the two together in waybill.json: clientCertificate and clientKey.')])];
};

const known: Look = ({ home, file, enrolment, now }) => {
  if (!enrolment.ok) return [red(`the gateway does not know you (${enrolment.code})`, enrolment.code === 'CERTIFICATE_UNKNOWN' ? `Ask the operator whether the certificate is bound, ran out or was revoked; if it was: waybill enrol rotate --client` : 'Mend what stands above it; if nothing does, ring the operator.')];
  const { agency, clients } = enrolment.value;
  if (agency !== file.agency) return [red(`the gateway knows this certificate as ${agency}'s`, 'Correct `agency` in waybill.json, or name the certificate of your own agency.')];
  const own = digestOfKey(new X509Certificate(readFileSync(join(home, file.clientCertificate))).publicKey);
  const binding = clients.find(({ fingerprint }) => fingerprint === own);
  return [binding ? ending(`${agency}’s binding of this certificate`, new Date(binding.until), { now, fix: ROTATE_CLIENT }) : red('the gateway does not list this certificate as yours', 'Ask the operator.')];
};

const pins: Look = ({ file, pins: own, keys }) => {
  if (!own.ok) return [red(`${file.pins} holds no pins (${own.code})`, 'Take them from your enrolment again: waybill enrol finish.')];
  if (own.value.gateway !== file.gateway) return [red(`your pins are for ${own.value.gateway}`, 'Correct `gateway` in waybill.json, or take the pins of this gateway.')];
  if (!keys.ok) return [];
  const pinned = new Map(own.value.gatewayKeys.map((key) => [key.kid, key.x]));
  const unknown = keys.value.filter(({ kid, x }) => pinned.get(kid) !== x);
  const current = keys.value.some(({ kid, exp }) => pinned.has(kid) && exp === undefined);
  if (unknown.length === 0 && current) return [green(`the gateway signs with the key that you pinned (${keys.value.map(({ kid }) => kid).join(', ')})`)];
  return [red(`the gateway publishes a key that you have not pinned: ${unknown.map(({ kid }) => kid).join(', ') || 'none of yours is in use'}`, 'Ring the operator by a number that you know; if the key that they read out is this one: waybill enrol pin --gateway-key KEY')];
};

const logKeys: Check<HomeFacts>['look'] = async ({ pins: own, enrolment }) => {
  if (!own.ok || !enrolment.ok) return [];
  const unknown = enrolment.value.logKeys.filter((vkey) => !own.value.logKeys.includes(vkey));
  return [unknown.length === 0 ? green('your register is signed with the key that you pinned') : red(`your register is signed with a key that you have not pinned: ${(await Promise.all(unknown.map(kidOf))).join(', ')}`, 'Ring the operator by a number that you know; if the key that they read out is this one: waybill enrol pin --gateway-key KEY')];
};

const coordinator: Look = ({ pins: own, now }) =>
  own.ok ? own.value.coordinators.map((certificate) => {
    const stands = certificate.sign.map((key) => standing(certificate, key, now)).find((each) => each === 'current') ?? certificate.sign.map((key) => standing(certificate, key, now))[0] ?? 'unverified';
    const who = `the co-ordinator’s key ${grouped(certificate.fingerprint)}`;
    return stands === 'current' ? green(`${who} holds`) : red(`${who} does not hold (${stands})`, 'Ask the co-ordinator for the new one, by a number that you know, and pin it.');
  }) : [];

/** What a partner's side can have wrong, in the order in which one thing rests on another. */
export const HOME_CHECKS: readonly Check<HomeFacts>[] = [
  { about: 'program', look: node },
  { about: 'home', look: folder },
  { about: 'secrets', look: secrets },
  { about: 'DNS', look: dns },
  { about: 'TLS', look: chain },
  { about: 'TLS', look: gatewayCertificate },
  { about: 'clock', look: clock },
  { about: 'versions', look: version },
  { about: 'client certificate', look: clientCertificate },
  { about: 'client certificate', look: known },
  { about: 'pins', look: pins },
  { about: 'pins', look: logKeys },
  { about: 'co-ordinator', look: coordinator },
  ...KEY_CHECKS,
];
