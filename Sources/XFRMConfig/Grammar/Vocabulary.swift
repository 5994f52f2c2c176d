/// The keys of a configuration.
enum Vocabulary {
  /// The file that is named on the command line.
  static let file = Section(
    "configuration",
    [
      Field(
        "version", .choice(["1"]), "The version of this format; 1 if it is missing."),
      Field(
        "namespace", .lexeme(.name),
        "The network namespace that all of it is for; the caller's if it is missing."),
      Field(
        "crypto-policy", .choice(CryptoPolicy.allCases.map(\.rawValue)),
        "How algorithms are judged by RFC 8221: modern takes what it recommends, rfc8221 (the "
          + "default) what it does not forbid, legacy everything, with warnings."),
      Field(
        "strict", .flag,
        "Whether guards drop what is to be protected while nothing protects it; true if it is "
          + "missing."),
      Field(
        "default-action", .choice(["bypass", "discard"]),
        "What becomes of packets that no entry is for; the kernel's setting stays if it is "
          + "missing."),
      Field("waivers", .section(waivers), "What is done though it is dangerous, entry by entry."),
      Field(
        "hosts", .map(.host, .map(.variable, .lexeme(.value))),
        "Variables of single hosts, by host name. They win over those of all."),
      Field("defaults", .section(connectionDefaults), "What connections have that say nothing."),
    ] + shared)

  /// A file that another one includes.
  static let includedFile = Section("included-file", shared)

  private static let shared = [
    Field(
      "include", .oneOrMore(.lexeme(.path)),
      "Files with more of it. Their entries come after those of this file."),
    Field(
      "variables", .map(.variable, .lexeme(.value)),
      "Values to be used as ${name}, on all hosts."),
    Field(
      "spd", .list(.section(policy)),
      "Policies, as in RFC 9061. The first that matches a packet decides; connections come after."),
    Field("sad", .list(.section(association)), "Security associations, as in RFC 9061."),
    Field("connections", .list(.section(connection)), "Policies and SAs of whole connections."),
    Field(
      "settings", .map(.setting, .lexeme(.value)), "Variables below /proc/sys/net, as sysctl's."),
  ]

  private static let waivers = Section(
    "waivers",
    [
      Field(
        "static-counter-mode-key", .oneOrMore(.lexeme(.name)),
        "Connections and SAs of a lab whose counter mode has a key from a file, which RFC 4106 and "
          + "RFC 8221 forbid."),
      Field(
        "no-anti-replay", .oneOrMore(.lexeme(.name)),
        "Connections and SAs that accept replayed packets."),
    ])
}
