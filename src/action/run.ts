import process from 'node:process'
import { run } from './runner.ts'

process.exitCode = await run(process)
