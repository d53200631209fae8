/**
 * Shapes of what crosses a border: companion → extension (HTTP API) and
 * extension ↔ core (WASM). Types only, no code.
 */

/**
 * @typedef {{ prefix: string, asn: number, org: string, country: string, kind: string }} Network
 * The network an address belongs to, as the companion knows it.
 */

/**
 * @typedef {object} Sighting one resolver that asked for one probe name
 * @property {string} label
 * @property {string} vector
 * @property {string} resolver
 * @property {number} family
 * @property {string} transport
 * @property {Network | null} network
 * @property {string[]} qtypes
 * @property {{ size: number, do: boolean, cookie: boolean } | null} edns
 * @property {string} ecs
 */

/**
 * @typedef {object} Exit
 * @property {number} family
 * @property {"pending" | "ok" | "failed"} status
 * @property {string} reason
 * @property {string} address
 * @property {Network | null} network
 */

/**
 * @typedef {object} Dns
 * @property {"pending" | "ok" | "failed" | "skipped"} status
 * @property {string} reason
 * @property {string[]} sent
 * @property {Sighting[]} sightings
 * @property {boolean | null} trr Firefox resolved over HTTPS
 * @property {{ valid: Lookup, broken: Lookup } | null} dnssec a signed name, and one with a wrong signature
 */

/** @typedef {"resolved" | "failed" | ""} Lookup */

/**
 * @typedef {{ transport: "udp" | "tcp", family: number, address: string, network: Network | null }} Path
 * An address that the companion saw an authenticated TURN request come from.
 */

/** @typedef {{ exits: Network[], resolvers: Network[] }} Memory what later checks may compare with */
/** @typedef {{ name: string, exits: Network[], resolvers: Network[] }} Home a connection without VPN */
/** @typedef {{ networks: Home[] }} Baseline `storage.local`, key `baseline` */

/**
 * @typedef {object} Ice what WebRTC showed inside one frame
 * @property {number} frame 4, 6, or 0 where the family is not known
 * @property {"pending" | "complete" | "timeout" | "failed"} status
 * @property {string} reason
 * @property {string[]} candidates
 * @property {{ url: string, code: number }[]} errors
 * @property {"granted" | ""} permission microphone or camera
 * @property {"answered" | "silent" | "untested" | ""} stun53
 */

/**
 * @typedef {object} Evidence
 * @property {1} version
 * @property {"chromium" | "firefox"} browser
 * @property {string} os windows, mac, linux, chromeos, android, or "": not known
 * @property {boolean} final
 * @property {{ value: string, levelOfControl: string } | null} policy
 * @property {Exit[]} exits
 * @property {{ families: number[] } | null} companion
 * @property {Dns} dns
 * @property {Ice[]} ice
 * @property {Record<string, Network | null>} networks
 * @property {Baseline | null} baseline
 * @property {boolean} deep
 * @property {Path[]} paths
 * @property {Memory[]} history
 */

/** @typedef {{ id: string, args: string[] }} Text */
/** @typedef {"leak" | "clear" | "unknown"} Outcome */
/** @typedef {"exit" | "dns" | "webrtc"} RowId */

/**
 * @typedef {object} Fact
 * @property {Text} text
 * @property {string} [address]
 * @property {Network | null} [network]
 * @property {string} [via]
 * @property {string} [raw]
 */

/**
 * @typedef {object} Row
 * @property {RowId} id
 * @property {Outcome | "pending"} outcome
 * @property {Text} headline
 * @property {Fact[]} facts
 */

/** @typedef {{ address?: string, network?: Network | null, via?: string, raw?: string }} Proof */

/**
 * @typedef {object} Finding
 * @property {string} id
 * @property {"leak" | "info"} level
 * @property {"proven" | "likely"} certainty
 * @property {RowId} row
 * @property {Text} explain
 * @property {Text} fix
 * @property {Text[]} [steps] how to do what `fix` says; verdicts of earlier versions have none
 * @property {string} [exposes]
 * @property {Proof[]} evidence
 */

/**
 * @typedef {object} Verdict
 * @property {1} version
 * @property {Outcome} outcome
 * @property {boolean} final
 * @property {Text} headline
 * @property {Row[]} rows
 * @property {Finding[]} findings
 * @property {{ row: RowId, reason: Text }[]} unknowns
 * @property {string[]} wants
 * @property {Memory | null} memory
 * @property {Picture | null} path
 */

/**
 * @typedef {object} Step one end of the path picture: somebody who sees something
 * @property {"websites" | "ipv6" | "dns" | "webrtc"} role
 * @property {string} name
 * @property {string} address
 * @property {Outcome} outcome
 * @property {boolean} beside it goes past what carries the rest
 */

/** @typedef {{ through: Text, steps: Step[] }} Picture */

/**
 * @typedef {object} CheckState `storage.session`, key `check`
 * @property {string} id
 * @property {number} startedAt
 * @property {number} [finishedAt]
 * @property {"checking" | "done"} phase
 * @property {Evidence} evidence
 * @property {Verdict | null} verdict
 */

/** @typedef {{ finishedAt: number, verdict: Verdict, policy: { value: string, levelOfControl: string } | null }} LastCheck `storage.session`, key `last` */

export {};
