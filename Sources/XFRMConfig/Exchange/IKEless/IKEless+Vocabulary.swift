extension IKEless {
  /// What a document may say.
  static let document = Section(
    "document", [Field(root, .section(databases), required: true, "The databases.")])

  private static let databases = Section(
    "ipsec-ikeless",
    [
      Field(
        "spd",
        .section(
          Section("spd", [Field("spd-entry", .list(.section(policy)), "Policies, in order.")])),
        "Policies."),
      Field(
        "sad",
        .section(
          Section("sad", [Field("sad-entry", .list(.section(association)), "SAs.")])), "SAs."),
    ])

  // MARK: SPD

  private static let policy = Section(
    "spd-entry",
    [
      Field("name", .lexeme(.anyName), required: true, "Unique."),
      Field("direction", .choice(["inbound", "outbound"]), required: true, "Which way."),
      Field("reqid", .lexeme(.number(0...0xffff_ffff)), "The SAs that protect it."),
      Field("ipsec-policy-config", .section(policyConfig), required: true, "What it says."),
    ])

  private static let policyConfig = Section(
    "ipsec-policy-config",
    [
      Field("anti-replay-window-size", .lexeme(.number(0...4096)), "What its SAs have at least."),
      Field("traffic-selector", .section(trafficSelector), required: true, "Which packets."),
      Field("processing-info", .section(processing), "What is done with them."),
    ])

  private static let processing = Section(
    "processing-info",
    [
      Field("action", .choice(SPDEntry.Action.allCases.map(\.rawValue)), "discard if missing."),
      Field("ipsec-sa-cfg", .section(protection), "How they are protected."),
    ])

  private static let protection = Section(
    "ipsec-sa-cfg",
    [
      Field(
        "pfp-flag",
        .unsupported(
          but: "false", because: "the kernel takes no values for SAs from packets (PFP)"), "false."),
      Field("ext-seq-num", .flag, "What its SAs have."),
      Field("seq-overflow", .flag, "What its SAs have."),
      Field(
        "stateful-frag-check",
        .unsupported(
          but: "false", because: "the kernel does not look at fragments by state"), "false."),
      Field("mode", .choice(["transport", "tunnel"]), "transport if missing."),
      Field("protocol-parameters", .choice(["esp"]), "esp."),
      Field("esp-algorithms", .section(algorithms), "What its SAs may have."),
      Field("tunnel", .section(Vocabulary.tunnel), "The ends."),
    ])

  private static let algorithms = Section(
    "esp-algorithms",
    [
      Field("integrity", .list(.lexeme(.integrity)), "Hashes."),
      Field(
        "encryption",
        .list(
          .section(
            Section(
              "encryption",
              [
                Field("id", .lexeme(.number(0...65_535)), required: true, "Which of them it is."),
                Field("algorithm-type", .lexeme(.encryption), "20 if missing."),
                Field("key-length", .lexeme(.number(0...65_535)), "In bits; 128 if missing."),
              ]))), "Ciphers."),
      Field("tfc-pad", .flag, "Whether packets are padded."),
    ])

  private static let trafficSelector = Section(
    "traffic-selector",
    [
      Field("local-prefix", .lexeme(.prefix), required: true, "Addresses."),
      Field("remote-prefix", .lexeme(.prefix), required: true, "Addresses."),
      Field("inner-protocol", .lexeme(.innerProtocol), "any if missing."),
      Field("local-ports", .list(.section(ports)), "Ports, or type and code of ICMP."),
      Field("remote-ports", .list(.section(ports)), "Ports, or type and code of ICMP."),
    ])

  private static let ports = Section(
    "port-range",
    [
      Field("start", .lexeme(.number(0...65_535)), required: true, "The first."),
      Field("end", .lexeme(.number(0...65_535)), required: true, "The last."),
    ])

  // MARK: SAD

  private static let association = Section(
    "sad-entry",
    [
      Field("name", .lexeme(.anyName), required: true, "Unique."),
      Field("reqid", .lexeme(.number(0...0xffff_ffff)), "The policies that it is for."),
      Field("ipsec-sa-config", .section(associationConfig), required: true, "What it has."),
    ])

  private static let associationConfig = Section(
    "ipsec-sa-config", holdsKeys: true,
    [
      Field("spi", .lexeme(.spi), required: true, "In its packets."),
      Field("ext-seq-num", .flag, "true if missing."),
      Field("seq-overflow", .flag, "false if missing."),
      Field("anti-replay-window-size", .lexeme(.number(0...4096)), "64 if missing."),
      Field("traffic-selector", .section(trafficSelector), required: true, "Its packets."),
      Field("protocol-parameters", .choice(["esp"]), "esp."),
      Field("mode", .choice(["transport", "tunnel"]), "transport if missing."),
      Field("esp-sa", .section(esp), "Algorithms and keys."),
      Field("sa-lifetime-hard", .section(Section("sa-lifetime-hard", limits)), "Its end."),
      Field(
        "sa-lifetime-soft",
        .section(
          Section(
            "sa-lifetime-soft",
            limits + [
              Field(
                "action", .choice(["terminate-clear", "terminate-hold", "replace"]),
                "What is done then.")
            ])), "When to renew it."),
      Field("tunnel", .section(Vocabulary.tunnel), "The ends."),
      Field("encapsulation-type", .section(encapsulation), "What it is wrapped in."),
    ])

  private static let esp = Section(
    "esp-sa", holdsKeys: true,
    [
      Field(
        "encryption",
        .section(
          Section(
            "encryption", holdsKeys: true,
            [
              Field("encryption-algorithm", .lexeme(.encryption), "12 if missing."),
              Field("key", .lexeme(.hexString), "The key."),
              Field("iv", .lexeme(.hexString), "The salt of a counter mode."),
            ])), "The cipher."),
      Field(
        "integrity",
        .section(
          Section(
            "integrity", holdsKeys: true,
            [
              Field("integrity-algorithm", .lexeme(.integrity), "12 if missing."),
              Field("key", .lexeme(.hexString), "The key."),
            ])), "The hash."),
    ])

  /// 0 is for no limit.
  private static let limits = [
    Field("time", .lexeme(.number(0...0xffff_ffff)), "In seconds."),
    Field("bytes", .lexeme(.number(0...UInt64.max)), "That it has carried."),
    Field("packets", .lexeme(.number(0...0xffff_ffff)), "That it has carried."),
    Field(
      "idle",
      .unsupported(but: "0", because: "the kernel counts from the first use and not from the last"),
      "0."),
  ]

  private static let encapsulation = Section(
    "encapsulation-type",
    [
      Field("espencap", .choice(["none", "espinudp", "espintcp"]), "none if missing."),
      Field("sport", .lexeme(.number(1...65_535)), "4500 if missing."),
      Field("dport", .lexeme(.number(1...65_535)), "4500 if missing."),
      Field("oaddr", .list(.lexeme(.address)), "The address before a NAT."),
    ])
}

extension Lexeme {
  /// What is unique in another form; here it becomes a name.
  fileprivate static let anyName = Lexeme(
    noun: "a name", allowed: "a text of at most 256 bytes", pattern: "^.{1,256}$",
    accepts: { (1...256).contains($0.utf8.count) })

  fileprivate static let hexString = Lexeme(
    noun: "a key", allowed: "pairs of hexadecimal digits with colons between them",
    pattern: "^([0-9a-fA-F]{2}(:[0-9a-fA-F]{2})*)?$", isSecret: true,
    accepts: { text in
      text.isEmpty
        || text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
          .allSatisfy {
            $0.count == 2 && $0.allSatisfy { Character(Unicode.Scalar($0)).isHexDigit }
          }
    })
}
