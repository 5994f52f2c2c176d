/// All words that the grammar knows, for those who complete a line. Which of them fit where is the
/// grammar's to say; tests hold the two against each other.
enum Vocabulary {
  static let objects = ["state", "policy", "monitor"]

  /// Without those that are another name of one, and `help`, which is an option here.
  static func verbs(of object: String) -> [String] {
    let verbs = object == "policy" ? CommandParser.policyVerbs : CommandParser.associationVerbs
    return verbs.filter { !otherNames.contains($0) }
  }

  static let modes = CommandParser.modes.map(\.0)

  /// Known, but not offered: other names, what is obsolete, and what only `ip` itself has a use for.
  static let otherNames: Set<String> = [
    "sa", "show", "lst", "delall", "help", "all-nsid", "espinudp-nonike", "default",
  ]

  /// Keywords and fixed values, but for verbs and modes: those may be abbreviated, so that words of
  /// another meaning would be taken for them.
  static let words =
    identity + selector + association + policy + checkpoint + moves + limits
    + flags + values + groups

  private static let identity = ["src", "dst", "proto", "spi", "mode", "reqid", "mark", "mask"]
  private static let selector = ["dev", "uid", "sport", "dport", "type", "code", "key"]
  private static let association = [
    "aead", "enc", "auth", "auth-trunc", "comp", "seq", "dir", "flag", "extra-flag", "sel", "limit",
    "if_id", "output-mark", "encap", "coa", "ctx", "offload", "tfcpad", "pcpu-num", "min", "max",
    "nokeys", "nat-keepalive", "mapping-threshold", "replay-window", "replay-seq", "replay-oseq",
    "replay-seq-hi", "replay-oseq-hi", "replay-threshold", "timer-threshold", "iptfs-drop-time",
    "iptfs-reorder-window", "iptfs-dont-frag", "iptfs-init-delay", "iptfs-max-queue-size",
    "iptfs-packet-size",
  ]
  private static let policy = [
    "tmpl", "level", "share", "enc-mask", "auth-mask", "comp-mask", "index", "ptype", "action",
    "priority", "nosock", "hthresh4", "hthresh6",
  ]
  private static let checkpoint = [
    "get", "set", "bitmap", "bytes", "packets", "add-time", "use-time",
  ]
  private static let moves = ["from", "to", "kmaddress"]
  private static let limits = [
    "time-soft", "time-hard", "time-use-soft", "time-use-hard", "byte-soft", "byte-hard",
    "packet-soft", "packet-hard",
  ]
  private static let flags = [
    "noecn", "decap-dscp", "nopmtudisc", "wildrecv", "icmp", "af-unspec", "align4", "esn",
    "dont-encap-dscp", "oseq-may-wrap", "localok", "cpu-acquire",
  ]
  private static let values = [
    "esp", "ah", "route2", "hao", "ipsec-any", "tcp", "udp", "sctp", "dccp", "gre", "ipv6-icmp",
    "mobility-header", "any", "in", "out", "fwd", "main", "sub", "allow", "accept", "block",
    "required", "use", "unique", "session", "user", "espinudp", "espintcp", "crypto", "packet",
    "none",
  ]
  private static let groups = [
    "acquire", "expire", "SA", "aevent", "policy", "report", "migrate", "mapping", "all", "file",
  ]

  /// May be said more than once, and then means more than once.
  static let repeatable: Set<String> = [
    "limit", "flag", "extra-flag", "tmpl", "from", "to", "mask",
  ]
  /// Have names behind them, as many as one likes.
  static let flagLists: Set<String> = ["flag", "extra-flag"]
  /// What stands within, behind each word that begins something.
  static let inside: [String: Set<String>] = [
    "tmpl": [
      "src", "dst", "proto", "spi", "mode", "reqid", "level", "share", "enc-mask", "auth-mask",
      "comp-mask",
    ],
    "sel": ["src", "dst", "proto", "dev", "uid", "sport", "dport", "type", "code", "key"],
    "from": ["to", "proto", "mode", "reqid"],
  ]
}
