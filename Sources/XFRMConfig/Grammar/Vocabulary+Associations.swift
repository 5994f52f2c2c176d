extension Vocabulary {
  /// An entry of the SAD: RFC 9061, `sad-entry`.
  static let association = Section(
    "sad-entry",
    [
      Field("name", .lexeme(.name), required: true, "What it is called; unique."),
      Field("direction", .choice(["inbound", "outbound"]), required: true, "Which end sends."),
      Field(
        "reqid", .lexeme(.number(1...0xffff_ffff)), required: true, "The policies that it is for."),
      Field("spi", .lexeme(.spi), required: true, "For ipcomp the CPI, at most 0xffff."),
      Field(
        "mode", .choice(["transport", "tunnel", "beet", "iptfs"]), "transport if it is missing."),
      Field("protocol-parameters", .choice(["esp", "ah", "ipcomp"]), "esp if it is missing."),
      Field("traffic-selector", .section(trafficSelector), "In transport mode: the two ends."),
      Field("tunnel", .section(tunnel), "The ends; not in transport mode."),
      Field("esp-sa", .section(espSA), "Algorithms and key of ESP."),
      Field("ah-sa", .section(ahSA), "Algorithm and key of AH."),
      Field("ipcomp-sa", .section(ipCompSA), "The algorithm of IPComp."),
      Field("if-id", .lexeme(.number(1...0xffff_ffff)), "Ties it to an xfrm interface."),
    ] + associationSettings)

  /// What SAs of entries and of connections have alike.
  static let associationSettings = [
    Field("ext-seq-num", .flag, "Extended sequence numbers; true if missing, false for ipcomp."),
    Field("anti-replay-window-size", .lexeme(.number(0...4096)), "In packets; 64 if missing."),
    Field(
      "seq-overflow", .flag,
      "Whether sequence numbers may start again; false, the default, but for a lab."),
    Field("sa-lifetime-hard", .section(hardLifetime), "When it ends."),
    Field("sa-lifetime-soft", .section(softLifetime), "When it is time to renew it."),
    Field("encapsulation-type", .section(encapsulation), "What ESP is wrapped in, to pass NATs."),
    Field("tfc-pad", .lexeme(.number(1...65_535)), "Bytes to pad packets to, in tunnel mode."),
    Field("mark", .lexeme(.mark), "The packet marks that it is for."),
    Field(
      "output-mark", .lexeme(.mark),
      "The mark that packets leave with; on an inbound SA of sad, the one that packets have "
        + "behind it."),
  ]

  private static let hardLifetime = Section("sa-lifetime-hard", limits)

  private static let softLifetime = Section(
    "sa-lifetime-soft",
    limits + [
      Field(
        "action",
        .unsupported(
          but: "terminate-hold",
          because:
            "at the end of an SA the kernel drops what has no other; nothing else is possible"),
        "Only terminate-hold is possible.")
    ])

  private static let limits = [
    Field("time", .lexeme(.duration), "Since it was added."),
    Field("bytes", .lexeme(.size), "That it has carried."),
    Field("packets", .lexeme(.number(1...UInt64.max - 1)), "That it has carried."),
    Field(
      "idle",
      .unsupported(but: nil, because: "the kernel counts from the first use and not from the last"),
      "Not possible."),
  ]

  private static let encapsulation = Section(
    "encapsulation-type",
    [
      Field("espencap", .choice(["none", "espinudp", "espintcp"]), required: true, "What it is."),
      Field("sport", .lexeme(.number(1...65_535)), "The port of this end; 4500 if missing."),
      Field("dport", .lexeme(.number(1...65_535)), "The port of the other end; 4500 if missing."),
      Field("oaddr", .lexeme(.address), "The other end's address behind its NAT."),
    ])

  /// The outer header.
  static let tunnelOptions = Section(
    "tunnel-options",
    [
      Field(
        "df-bit", .choice(["clear", "set", "copy"]),
        "copy (the default) or clear; set is not possible."),
      Field("bypass-dscp", .flag, "Whether DSCP is copied outwards; true if missing."),
      Field(
        "dscp-mapping",
        .unsupported(but: nil, because: "the kernel copies DSCP or leaves it 0; it has no table"),
        "Not possible."),
      Field(
        "dscp-values",
        .unsupported(but: nil, because: "the kernel does not choose SAs by DSCP"), "Not possible."),
    ])

  /// The ends of a tunnel and its outer header: RFC 9061, `tunnel`.
  static let tunnel = Section(
    "tunnel",
    [
      Field("local", .lexeme(.address), required: true, "This end."),
      Field("remote", .lexeme(.address), required: true, "The other end."),
    ] + tunnelOptions.fields)

  private static let espSA = Section(
    "esp-sa", holdsKeys: true,
    [
      Field("proposal", .lexeme(.proposal), "The algorithms, by their IKE name."),
      Field("encryption", .section(encryptionSA), "The cipher, as in RFC 9061."),
      Field("integrity", .section(integritySA), "The hash, as in RFC 9061."),
      Field(
        "key", .lexeme(.keyReference), required: true,
        "Where the key is: the cipher's with its salt behind, then the hash's."),
    ])

  private static let encryptionSA = Section(
    "encryption", holdsKeys: true,
    [
      Field("encryption-algorithm", .lexeme(.encryption), required: true, "By name or number."),
      Field("key-length", .lexeme(.number(0...512)), "In bits."),
      Field(
        "iv", .unsupported(but: nil, because: "the kernel makes IVs; a salt stands behind the key"),
        "Not possible."),
    ])

  private static let integritySA = Section(
    "integrity", holdsKeys: true,
    [Field("integrity-algorithm", .lexeme(.integrity), required: true, "By name or number.")])

  private static let ahSA = Section(
    "ah-sa", holdsKeys: true,
    [
      Field("integrity-algorithm", .lexeme(.integrity), required: true, "By name or number."),
      Field("key", .lexeme(.keyReference), required: true, "Where the key is."),
    ])

  private static let ipCompSA = Section(
    "ipcomp-sa",
    [Field("compression-algorithm", .choice(["deflate"]), "deflate if it is missing.")])

  /// RFC 9061 has the two ends of a range apart.
  static let ports = Shape.either(
    .lexeme(.ports),
    Section(
      "port-range",
      [
        Field("start", .lexeme(.number(0...65_535)), required: true, "The first port."),
        Field("end", .lexeme(.number(0...65_535)), "The last; the first if it is missing."),
      ]))
}
