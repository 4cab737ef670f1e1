import { readFileSync } from 'node:fs';
import { belowOf, reaches, readFloors } from '#platform/floors';

/** `npm run floors`: holds what the lock installs, and what we run on here, to the versions below which a hole is known. Asks nobody on the network. */
function main(): number {
  const { packages, servers } = readFloors();
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, { version?: string }> };
  const faults: string[] = [];
  for (const { package: name, minimum, advisory } of packages) {
    const versions = Object.entries(lock.packages).filter(([path]) => path.endsWith(`node_modules/${name}`)).map(([, { version = '0' }]) => version);
    const poor = versions.filter((version) => !reaches(version, minimum));
    console.log(`${poor.length > 0 ? 'BELOW' : 'good '}  ${name}  ${versions.join(', ') || 'not installed'}  floor ${minimum}`);
    if (poor.length > 0) faults.push(`${name} ${poor.join(', ')} is below ${minimum}: ${advisory}`);
  }
  for (const [server, version] of [['Node.js', process.versions.node], ['OpenSSL', process.versions.openssl]] as const) {
    const below = belowOf(servers, server, version);
    console.log(`${below ? 'BELOW' : 'good '}  ${server}  ${version}  floor ${servers.find((each) => each.server === server)?.minimum ?? 'none'}`);
    if (below) faults.push(`${server} ${version} is below ${below.minimum}: ${below.advisory}`);
  }
  for (const { server, minimum, of, advisory } of servers.filter((each) => !['Node.js', 'OpenSSL'].includes(each.server))) {
    console.log(`       ${server}  ask it: \`waybill doctor --installation\`  floor ${of ? Object.values(of).join(', ') : minimum} (${advisory})`);
  }
  for (const fault of faults) console.error(fault);
  return faults.length === 0 ? 0 : 1;
}

process.exitCode = main();
