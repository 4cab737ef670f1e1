import 'reflect-metadata';
// @ts-expect-error -- where class-transformer keeps what @Type says; the package has no types for it
import { defaultMetadataStorage } from 'class-transformer/cjs/storage';
import { getMetadataStorage, ValidationTypes } from 'class-validator';
import { validationMetadatasToSchemas } from 'class-validator-jsonschema';
import { GRAMMAR } from '#protocol/grammar';
import { AgeingLine, AgeingReport } from '#protocol/ageing';
import * as answers from '#protocol/answers';
import * as asks from '#protocol/asks';
import * as declarations from '#protocol/declarations';
import * as line from '#protocol/line';
import * as manifest from '#protocol/manifest';
import { Disclosure, DisclosureAsked, DisclosureRoute, IdentityVerified, MailSeen } from '#protocol/disclosure';
import * as matter from '#protocol/matter';
import * as matterAnswers from '#protocol/matter-answers';
import * as notShared from '#protocol/not-shared';
import * as ownAnswers from '#protocol/own-answers';
import * as plan from '#protocol/plan';
import * as problem from '#protocol/problem';
import * as requestStatement from '#protocol/request-statement';
import * as requestAnswers from '#protocol/request-answers';
import * as membership from '#protocol/membership';
import * as membershipAnswers from '#protocol/membership-answers';
import * as agreement from '#protocol/agreement';
import * as agreementAnswers from '#protocol/agreement-answers';
import * as meeting from '#protocol/meeting';
import * as meetingAnswers from '#protocol/meeting-answers';
import * as custody from '#protocol/custody';
import * as custodyAnswers from '#protocol/custody-answers';
import * as listAnswers from '#protocol/list-answers';
import * as notification from '#protocol/notification';
import * as notificationAnswers from '#protocol/notification-answers';
import * as retention from '#protocol/retention';
import * as retentionAnswers from '#protocol/retention-answers';
import * as rightsAnswers from '#protocol/rights-answers';
import * as rightsRequest from '#protocol/rights-request';
import * as published from '#protocol/published';
import * as statement from '#protocol/statement';
import * as uploads from '#protocol/uploads';
import * as duties from '#protocol/duties';
import * as breach from '#protocol/breach';
import * as breachAnswers from '#protocol/breach-answers';
import * as register from '#protocol/register';
import * as eventStream from '#protocol/event-stream';
import * as webhooks from '#protocol/webhooks';
import { commentsOf } from './source';

/** JSON Schema 2020-12, as far as the wire's classes need it. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean;
  items?: Schema;
  enum?: unknown[];
  const?: unknown;
  pattern?: string;
  format?: string;
  anyOf?: Schema[];
  [keyword: string]: unknown;
}

/** What is sent to us is held to its class: a field that it does not know is a fault. What we answer may grow. */
const SENT = { breach: { BreachReported: breach.BreachReported, BreachStated: breach.BreachStated, BreachFacts: breach.BreachFacts, ChildConsidered: breach.ChildConsidered, BreachScope: breach.BreachScope }, 'request-statement': { RequestStated: requestStatement.RequestStated, ByTelephone: requestStatement.ByTelephone }, line, asks: { Asks: asks.Asks, CategoryAsked: asks.CategoryAsked, AuthorityChecked: asks.AuthorityChecked, Answers: asks.Answers, CategoryAnswered: asks.CategoryAnswered }, declarations, manifest, plan, statement, 'not-shared': notShared, matter: { MatterPut: matter.MatterPut, WayFor: matter.WayFor, AuditReported: matter.AuditReported, AuditAction: matter.AuditAction, MatterAnswered: matter.MatterAnswered }, retention: { RetentionStated: retention.RetentionStated }, custody: { CustodyStated: custody.CustodyStated }, membership: { MembershipStated: membership.MembershipStated, Attested: membership.Attested }, notification: { NotificationStated: notification.NotificationStated, ProviderNumbered: notification.ProviderNumbered, ProviderNamed: notification.ProviderNamed, OfficerConfirmed: notification.OfficerConfirmed, ImpactConsidered: notification.ImpactConsidered, ProviderTold: notification.ProviderTold }, agreement: { AgreementStated: agreement.AgreementStated }, meeting: { Invitation: meeting.Invitation, MeetingCalled: meeting.MeetingCalled, MeetingStated: meeting.MeetingStated }, 'rights-request': { RightsRequested: rightsRequest.RightsRequested, RequesterIdentified: rightsRequest.RequesterIdentified, RequesterAuthorised: rightsRequest.RequesterAuthorised, RightsItemClosed: rightsRequest.RightsItemClosed, RightsStated: rightsRequest.RightsStated }, disclosure: { Disclosure, DisclosureAsked, DisclosureRoute, IdentityVerified, MailSeen } };
const ANSWERED = { ageing: { AgeingLine, AgeingReport }, answers, 'matter-answers': matterAnswers, 'rights-answers': rightsAnswers, 'retention-answers': retentionAnswers, 'custody-answers': custodyAnswers, 'membership-answers': membershipAnswers, 'notification-answers': notificationAnswers, 'list-answers': listAnswers, 'agreement-answers': agreementAnswers, 'meeting-answers': meetingAnswers, 'request-answers': requestAnswers, 'own-answers': ownAnswers, problem, published, uploads, webhooks, 'event-stream': { EventStreamWanted: eventStream.EventStreamWanted, EventStreamTold: eventStream.EventStreamTold, EventVerificationTold: eventStream.EventVerificationTold }, duties, 'breach-answers': breachAnswers, register };

const FORMATS: Readonly<Record<string, string>> = { [GRAMMAR.uuid.source]: 'uuid', [GRAMMAR.uuid7.source]: 'uuid', [GRAMMAR.instant.source]: 'date-time', [GRAMMAR.day.source]: 'date' };

/** A schema for every class of the wire, by its name, from the same rules that the gateway validates with and the comments above them. */
export function wireSchemas(): Record<string, Schema> {
  const made = validationMetadatasToSchemas({
    classTransformerMetadataStorage: defaultMetadataStorage as never,
    classValidatorMetadataStorage: getMetadataStorage(),
    refPointerPrefix: '#/components/schemas/',
    // Only a field that may be null carries a context; one that may be left out carries none.
    additionalConverters: { [ValidationTypes.CONDITIONAL_VALIDATION]: (meta) => ({ nullable: (meta.context as { nullable?: boolean } | undefined)?.nullable === true }) },
  }) as Record<string, Schema>;
  const comments = new Map([...Object.keys(SENT), ...Object.keys(ANSWERED)].flatMap((file) => [...commentsOf(`libs/protocol/${file}.ts`)]));
  const sent = new Set([...Object.values(SENT).flatMap(Object.keys), webhooks.WebhookWanted.name, eventStream.EventStreamWanted.name, duties.DutyClosing.name, register.SubjectIndexed.name, register.ControlTested.name]);
  const lines = { Line: { description: 'One line: told apart by `about`; a line without it is of a part.', anyOf: ['PartLine', ...Object.values(line.LINE_CLASSES).map(({ name }) => name)].map((name) => ({ $ref: `#/components/schemas/${name}` })) } };
  const known = [...sent, ...Object.values(ANSWERED).flatMap(Object.keys)];
  const schemas = { ...lines, ...Object.fromEntries(Object.entries(made).filter(([name]) => known.includes(name)).map(([name, schema]) => [name, finished(name, schema)])) };
  return Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1)));

  function finished(name: string, { properties = {}, required = [], ...schema }: Schema): Schema {
    const fields = Object.entries(properties).map(([field, own]) => [field, tidy({ ...own, ...describe(commentOf(name, field)) })] as const);
    const always = Object.keys(properties).filter((field) => required.includes(field) || properties[field]?.['nullable'] === true);
    return { ...describe(comments.get(name)), ...schema, properties: Object.fromEntries(fields), ...(always.length > 0 ? { required: always } : {}), ...(sent.has(name) ? { additionalProperties: false } : {}) };
  }

  /** A field may be commented on in the class from which it is inherited. */
  function commentOf(name: string, field: string): string | undefined {
    const own = comments.get(`${name}.${field}`);
    return own || [...comments.keys()].filter((key) => key.endsWith(`.${field}`) && inherits(name, key.split('.')[0] as string)).map((key) => comments.get(key)).find(Boolean);
  }
}

const CLASSES: Readonly<Record<string, unknown>> = { ...line, ...declarations, ...manifest, ...plan, ...statement, ...notShared, Disclosure, DisclosureAsked, ...answers, ...ownAnswers, ...problem, ...published, ...breachAnswers, ...agreementAnswers, ...meetingAnswers };

function inherits(name: string, from: string): boolean {
  for (let of: unknown = CLASSES[name]; typeof of === 'function' && of.name !== ''; of = Object.getPrototypeOf(of)) if (of.name === from) return true;
  return false;
}

const describe = (description: string | undefined): Schema => (description ? { description } : {});

/** What the library writes for OpenAPI 3.0, as JSON Schema 2020-12 writes it. */
function tidy({ nullable, enum: values, items, ...schema }: Schema): Schema {
  if (schema.$ref !== undefined) return { $ref: schema.$ref, ...describe(schema.description) };
  const type = nullable === true && typeof schema.type === 'string' ? { type: [schema.type, 'null'] } : {};
  const only = values === undefined ? {} : values.length === 1 ? { const: values[0] } : { enum: [...values] };
  const format = schema.pattern === undefined ? undefined : FORMATS[schema.pattern];
  return { ...schema, ...type, ...only, ...(format ? { format } : {}), ...(items ? { items: tidy(items) } : {}) };
}
