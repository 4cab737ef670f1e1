// `npm run large`: a gigabyte through the command and the gateway, killed halfway and gone on with; prints time and memory.
import { spawnSync } from 'node:child_process';

const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', '--expose-gc', 'node_modules/jest/bin/jest.js', '-c', 'test/jest.config.cjs', 'test/journeys/streaming'];
process.exitCode = spawnSync(process.execPath, jest, { stdio: 'inherit', env: { ...process.env, WAYBILL_LARGE_MB: process.env.WAYBILL_LARGE_MB ?? '1000' } }).status ?? 1;
