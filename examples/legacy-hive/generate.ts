import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { generateHive } from './generator/hive.ts'

const help = `Writes the databases of a legacy hive: twelve SQLite files with every awkward case of the real one.

  node examples/legacy-hive/generate.ts [--seed N] [--rows N] [--out DIR]

  --seed N    the same seed gives the same rows (default 1)
  --rows N    about so many rows in all, from 1,000 to 20,000,000 (default 160,000)
  --out DIR   where the databases go (default: the folder data beside this program)
  --help      this text
`

const bounds = { seed: [0, 4_294_967_295], rows: [1_000, 20_000_000] } as const

process.exitCode = await main(process.argv.slice(2))

async function main(args: string[]): Promise<number> {
  try {
    const { values } = parseArgs({
      args,
      options: {
        seed: { type: 'string', default: '1' },
        rows: { type: 'string', default: '160000' },
        out: { type: 'string', default: join(import.meta.dirname, 'data') },
        help: { type: 'boolean', default: false },
      },
    })
    if (values.help) {
      process.stdout.write(help)
      return 0
    }
    const { paths, rows } = await generateHive({
      seed: wholeNumber('seed', values.seed),
      totalRows: wholeNumber('rows', values.rows),
      folder: values.out,
      report: ({ path, rows, done, of }) => {
        process.stderr.write(
          `${String(done).padStart(2)}/${of}  ${path.padEnd(30)} ${rows.toLocaleString('en-US').padStart(9)} rows\n`,
        )
      },
    })
    process.stdout.write(`wrote ${paths.length} databases with ${rows.toLocaleString('en-US')} rows to ${values.out}\n`)
    return 0
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error)
    process.stderr.write(`error  ${problem.replaceAll('\n', ' ')}; see --help\n`)
    return 2
  }
}

function wholeNumber(option: keyof typeof bounds, text: string): number {
  const [least, most] = bounds[option]
  const value = /^[0-9]{1,10}$/.test(text.replaceAll(/[,_]/g, '')) ? Number(text.replaceAll(/[,_]/g, '')) : Number.NaN
  if (value >= least && value <= most) return value
  throw new RangeError(
    `could not read --${option}: ${JSON.stringify(text)}, wanted a whole number from ${least} to ${most}`,
  )
}
