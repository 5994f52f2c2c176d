extension Vocabulary {
  /// A connection between two ends.
  static let connection = Section(
    "connection",
    [
      Field("name", .lexeme(.name), required: true, "What it is called; unique."),
      Field(
        "kind", .choice(Connection.Kind.allCases.map(\.rawValue)), required: true,
        "host-to-host protects what two hosts send each other; site-to-site what goes between "
          + "subnets behind them; gateway what goes between the subnets of one end and everywhere."),
      Field("local", .section(end("local-end")), required: true, "This end."),
      Field("remote", .section(end("remote-end")), required: true, "The other end."),
      Field(
        "keys", .either(.lexeme(.generated), staticKeys),
        "generated (the default): made by xfrmctl keys new, and renewed by rotation."),
      Field(
        "inner-protocol", .lexeme(.innerProtocol), "The protocol inside; any if it is missing."),
      Field("local-ports", .oneOrMore(ports), "Ports of this end; all if it is missing."),
      Field("remote-ports", .oneOrMore(ports), "Ports of the other end; all if it is missing."),
      Field("icmp-type", .lexeme(.number(0...255)), "The type, for icmp and icmpv6."),
      Field("icmp-code", .lexeme(.number(0...255)), "The code, with a type."),
      Field("interface", .section(interface), "An xfrm interface, and routes through it."),
      Field(
        "reqid", .lexeme(.number(1...0xffff_ffff)),
        "The request ID; one is made of the name if it is missing."),
    ] + connectionSettings)

  /// What connections have that say nothing of it.
  static let connectionDefaults = Section("connection-defaults", connectionSettings)

  private static let connectionSettings =
    [
      Field(
        "mode", .choice(["transport", "tunnel", "beet"]), "transport for host-to-host, else tunnel."
      ),
      Field(
        "proposal", .lexeme(.proposal),
        "The algorithms, by their IKE name; aes256gcm16 if it is "
          + "missing."),
      Field(
        "forward", .choice(ForwardRule.allCases.map(\.rawValue)),
        "Whether forwarded packets are for it, too: auto (the default) in tunnel mode."),
      Field(
        "strict", .flag,
        "Whether guards stand behind its policies and its routes; as the file says."),
      Field("tunnel-options", .section(tunnelOptions), "How the outer header is made."),
    ] + associationSettings

  private static func end(_ name: String) -> Section {
    Section(
      name,
      [
        Field(
          "address", .lexeme(.address), required: true, "Where ESP packets come from and go to."),
        Field("subnets", .oneOrMore(.lexeme(.prefix)), "What is behind it."),
      ])
  }

  private static let staticKeys = Section(
    "static-keys", holdsKeys: true,
    ["in", "out"].map { name in
      Field(
        name, .section(staticKey), required: true,
        name == "in" ? "For packets from the other end." : "For packets to the other end.")
    })

  private static let staticKey = Section(
    "static-key", holdsKeys: true,
    [
      Field("spi", .lexeme(.spi), required: true, "The SPI, which the other end has too."),
      Field("key", .lexeme(.keyReference), required: true, "Where the key is."),
    ])

  private static let interface = Section(
    "interface",
    [
      Field("name", .lexeme(.interface), required: true, "What it is called."),
      Field(
        "if-id", .lexeme(.number(1...0xffff_ffff)), required: true,
        "What ties SAs and policies to it."),
      Field("mtu", .lexeme(.number(1280...65_535)), "The largest packet; 1500 if it is missing."),
      Field("addresses", .oneOrMore(.lexeme(.prefix)), "Addresses that it has."),
      Field(
        "routes", .flag,
        "Whether the remote subnets are routed through it; true if missing. Without, no guard sees "
          + "to packets that are not."),
      Field(
        "source", .oneOrMore(.lexeme(.address)),
        "The address of the host's own packets, one a family."),
    ])
}
