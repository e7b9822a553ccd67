import { Kafka, type LogEntry, logLevel } from 'kafkajs'
import type { KafkaConfig } from '#platform/config'
import type { Logger } from '#platform/telemetry'

/** All events, of whichever topic of ours: only so is the order of one key kept across them. */
export const TOPIC = 'music-language.events'
export const DEAD_TOPIC = `${TOPIC}.dead`

/** A number that cannot change later without breaking the order of keys. */
const PARTITIONS = 6

export const groupOf = (consumer: string): string => `music-language.${consumer}`

const METHODS = {
  [logLevel.ERROR]: 'warn',
  [logLevel.WARN]: 'warn',
  [logLevel.INFO]: 'debug',
  [logLevel.DEBUG]: 'trace',
} as const

/** kafkajs' own reports, with its errors as warnings: it tries again by itself. */
function logTo(logger: Logger) {
  return ({ level, log: { message, timestamp: _, ...fields } }: LogEntry): void => {
    if (level !== logLevel.NOTHING) logger[METHODS[level]]({ kafka: fields }, message)
  }
}

export function kafkaClient(config: KafkaConfig, clientId: string, logger: Logger): Kafka {
  const { brokers, ssl, sasl } = config
  return new Kafka({
    clientId,
    brokers: [...brokers],
    ssl,
    ...(sasl !== undefined && { sasl: saslOf(sasl) }),
    connectionTimeout: 3_000,
    requestTimeout: 10_000,
    logLevel: logLevel.WARN,
    logCreator: () => logTo(logger),
  })
}

/** One case a mechanism, because kafkajs' type tells them apart. */
function saslOf({ mechanism, username, password }: NonNullable<KafkaConfig['sasl']>) {
  switch (mechanism) {
    case 'plain':
      return { mechanism, username, password }
    case 'scram-sha-256':
      return { mechanism, username, password }
    case 'scram-sha-512':
      return { mechanism, username, password }
  }
}

/** Makes the topics, unless they are there or only the cluster's operator may make them. */
export async function ensureTopics(kafka: Kafka, logger: Logger): Promise<void> {
  const admin = kafka.admin()
  await admin.connect()
  try {
    await admin.createTopics({
      topics: [
        { topic: TOPIC, numPartitions: PARTITIONS, replicationFactor: -1 },
        { topic: DEAD_TOPIC, numPartitions: 1, replicationFactor: -1 },
      ],
    })
  } catch (error) {
    logger.info({ error }, 'Kafka topics could not be made: they must be there, or make themselves')
  } finally {
    await admin.disconnect()
  }
}
