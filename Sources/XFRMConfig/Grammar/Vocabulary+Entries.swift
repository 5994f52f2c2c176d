extension Vocabulary {
  /// An entry of the SPD: RFC 9061, `spd-entry`.
  static let policy = Section(
    "spd-entry",
    [
      Field("name", .lexeme(.name), required: true, "What it is called; unique."),
      Field(
        "direction", .choice(["inbound", "outbound"]), required: true,
        "inbound is for forwarded packets, too, if forward says so."),
      Field(
        "reqid", .lexeme(.number(1...0xffff_ffff)), "The SAs that protect it; required to protect."),
      Field(
        "traffic-selector", .section(trafficSelector), required: true, "Which packets it is for."),
      Field("processing-info", .section(processing), "What is done with them; discard if missing."),
      Field(
        "forward", .choice(ForwardRule.allCases.map(\.rawValue)),
        "Whether an inbound entry is for forwarded packets, too: auto (the default) unless it protects in "
          + "transport mode."),
      Field("strict", .flag, "Whether a guard stands behind it; as the file says."),
      Field("mark", .lexeme(.mark), "The packet marks that it is for."),
      Field("if-id", .lexeme(.number(1...0xffff_ffff)), "Ties it to an xfrm interface."),
    ])

  /// Which packets an entry is for: RFC 9061, `traffic-selector`.
  static let trafficSelector = Section(
    "traffic-selector",
    [
      Field("local-prefix", .lexeme(.prefix), required: true, "Addresses of this side."),
      Field("remote-prefix", .lexeme(.prefix), required: true, "Addresses of the other side."),
      Field("inner-protocol", .lexeme(.innerProtocol), "The protocol inside; any if missing."),
      Field("local-ports", .oneOrMore(ports), "Ports of this side; all if missing."),
      Field("remote-ports", .oneOrMore(ports), "Ports of the other side; all if missing."),
      Field("icmp-type", .lexeme(.number(0...255)), "The type, for icmp and icmpv6."),
      Field("icmp-code", .lexeme(.number(0...255)), "The code, with a type."),
    ])

  private static let processing = Section(
    "processing-info",
    [
      Field(
        "action", .choice(SPDEntry.Action.allCases.map(\.rawValue)),
        "discard drops them and is the default, bypass lets them pass in clear."),
      Field(
        "ipsec-sa-cfg", .oneOrMore(.section(protection)),
        "How they are protected; several are applied one after the other."),
    ])

  private static let protection = Section(
    "ipsec-sa-cfg",
    [
      Field(
        "mode", .choice(["transport", "tunnel", "beet", "iptfs"]), "transport if it is missing."),
      Field("protocol-parameters", .choice(["esp", "ah", "ipcomp"]), "esp if it is missing."),
      Field("tunnel", .section(tunnel), "The ends; not in transport mode."),
      Field(
        "level", .choice(["required", "use"]),
        "use lets packets pass unprotected without an SA: for ipcomp only; required is the default."
      ),
      Field("ext-seq-num", .flag, "What its SAs must have."),
      Field(
        "anti-replay-window-size", .lexeme(.number(0...4096)), "What its SAs must have at least."),
      Field("esp-algorithms", .section(espAlgorithms), "What its SAs may have."),
      Field("seq-overflow", .flag, "What its SAs must have."),
      Field(
        "pfp-flag",
        .unsupported(
          but: "false", because: "the kernel takes no values for SAs from packets (PFP)"),
        "Only false is possible."),
      Field(
        "stateful-frag-check",
        .unsupported(but: "false", because: "the kernel does not look at fragments by state"),
        "Only false is possible."),
    ])

  private static let espAlgorithms = Section(
    "esp-algorithms",
    [
      Field("proposals", .oneOrMore(.lexeme(.proposal)), "By their IKE names."),
      Field(
        "encryption",
        .oneOrMore(
          .section(
            Section(
              "encryption-choice",
              [
                Field("id", .lexeme(.number(0...65_535)), "Without meaning here."),
                Field("algorithm-type", .lexeme(.encryption), required: true, "By name or number."),
                Field("key-length", .lexeme(.number(0...512)), "In bits."),
              ]))), "Ciphers, as in RFC 9061."),
      Field("integrity", .oneOrMore(.lexeme(.integrity)), "Hashes, as in RFC 9061."),
    ])
}
