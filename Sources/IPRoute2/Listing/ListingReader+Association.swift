internal import XFRMKit

extension ListingReader {
  /// The addresses of an SA or a template and its protocol, which is in the line below.
  ///
  /// - Parameter line: Behind `src`.
  mutating func readEnds(
    _ line: inout ListingLine
  ) throws(ListingError) -> (source: IPAddress, destination: IPAddress, proto: IPProtocol) {
    let source = try line.address()
    try line.require("dst")
    let destination = try line.address()
    guard source.family == destination.family else { throw line.error("an address of one family") }
    try line.finish()
    line = try requiredContinuation(of: line, "“proto”")
    try line.require("proto")
    return (source, destination, try Self.proto(&line))
  }

  /// - Parameter first: Behind its first word.
  mutating func readAssociation(_ first: ListingLine) throws(ListingError) {
    var line = first
    let ends = try readEnds(&line)
    var value = SecurityAssociation(
      from: ends.source, to: ends.destination, spi: 0, proto: ends.proto, mode: .transport)
    if line.take("spi") { value.spi = SPI(rawValue: try line.number()) }
    try line.require("reqid")
    value.requestID = try line.number()
    try line.require("mode")
    value.mode = try Self.mode(&line)
    try line.finish()
    while let line = continuation() { try read(line, into: &value) }
    listing.associations.append(value)
  }

  private mutating func read(
    _ first: ListingLine, into value: inout SecurityAssociation
  ) throws(ListingError) {
    var line = first
    switch try line.word("something about an SA") {
    case "replay-window": try readFlags(&line, &value)
    case "mark":
      value.mark = try Self.mark(&line)
      if line.take("output-mark") { try readOutputMark(&line, &value) }
    case "output-mark": try readOutputMark(&line, &value)
    case "auth", "auth-trunc", "aead", "enc", "comp":
      try readAlgorithm(first, &value)
      return
    case "encap": value.encapsulation = try Self.encapsulation(&line)
    case "coa": value.careOfAddress = try line.address()
    case "anti-replay":
      if line.take("esn") {
        value.extendedReplayState = try readExtendedState(line)
        return
      }
      value.replayState = try Self.replayState(&line)
    case "crypto": value.offload = try offload(&line)
    case "if_id": value.interfaceID = try line.number()
    case "tfcpad": value.trafficFlowPadding = try line.number()
    case "pcpu-num": value.cpu = try line.number()
    case "dir":
      value.direction = try line.value("“in” or “out”") {
        $0 == "in" ? .incoming : $0 == "out" ? .outgoing : nil
      }
    case "sel":
      try line.require("src")
      value.selector = try selector(&line)
    case "lifetime":
      try readLifetime(line, &value.lifetime)
      return
    case "stats:":
      _ = try requiredContinuation(of: line, "what failed")
    case "security":
      value.securityContext = Self.unknownContext
      line.skip()
    case "lastused": line.skip()
    default: throw first.error("something about an SA")
    }
    try line.finish()
  }

  private func readFlags(
    _ line: inout ListingLine, _ value: inout SecurityAssociation
  ) throws(ListingError) {
    value.replayWindow = try line.number()
    if line.take("seq") {
      // Decimal digits behind 0x: so has iproute2 always printed it.
      value.sequence = try line.value("a sequence number") { UInt32($0.dropFirst(2)) }
    }
    var hasExtra = line.take("extra_flag")
    if line.take("flag") {
      let read = try Self.flags(&line, IPText.flagWords)
      value.flags = .init(rawValue: UInt8(truncatingIfNeeded: read.flags))
      hasExtra = read.hasExtra
    }
    if hasExtra {
      value.extraFlags = .init(rawValue: try Self.flags(&line, IPText.extraFlagWords).flags)
    }
    if line.peek?.hasPrefix("(") == true { line.skip() }
  }

  private func readOutputMark(
    _ line: inout ListingLine, _ value: inout SecurityAssociation
  ) throws(ListingError) {
    let parts = try line.value("a mark") { text -> [UInt32]? in
      let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        .map { ListingLine.number($0) as UInt32? }
      return (1...2).contains(parts.count) && !parts.contains(nil) ? parts.compactMap { $0 } : nil
    }
    value.outputMark = parts[0]
    value.outputMarkMask = parts.count == 2 ? parts[1] : nil
  }

  // MARK: Algorithms

  /// The longest key of the kernel is shorter.
  private static let mostKeyBytes = 512

  private mutating func readAlgorithm(
    _ first: ListingLine, _ value: inout SecurityAssociation
  ) throws(ListingError) {
    var line = first
    let kind = try line.word("an algorithm")
    let name = String(try line.word("the name of an algorithm"))
    var key = Secret.empty
    if line.take("<<Keys") {
      try line.require("hidden>>")
      // Of IPComp it says so too, which has none.
      if kind != "comp" { listing.hidesKeys = true }
    } else if line.peek?.hasPrefix("0x") == true {
      key = try line.value("a key in hexadecimal digits") { Self.key($0) }
      if line.peek?.hasPrefix("(") == true {
        _ = try line.word("how long the key is")
        try line.require("bits)")
      }
    }
    switch kind {
    case "comp": value.compression = Compression(name: name)
    case "aead":
      value.aead = AEAD(name: name, key: key, checkBits: try line.number())
    case "enc": value.encryption = Encryption(name: name, key: key)
    case "auth": value.authentication = Authentication(name: name, key: key, truncationBits: nil)
    default:
      value.authentication = Authentication(name: name, key: key, truncationBits: try line.number())
    }
    try line.finish()
  }

  private static func key(_ text: Substring) -> Secret? {
    let digits = text.utf8.dropFirst(2).map { Character(Unicode.Scalar($0)).hexDigitValue }
    guard digits.count.isMultiple(of: 2), digits.count <= mostKeyBytes * 2 else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
      guard let high = digits[index], let low = digits[index + 1] else { return nil }
      bytes.append(UInt8(high << 4 | low))
    }
    return Secret(bytes.span)
  }

  /// Its label is of no concern to anybody who reads a listing.
  static let unknownContext = SecurityContext(label: [])
}
