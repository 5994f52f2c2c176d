internal import XFRMKit

extension ListingReader {
  static func encapsulation(_ line: inout ListingLine) throws(ListingError) -> Encapsulation {
    try line.require("type")
    let text = line.peek
    let kind = (0...UInt16(UInt8.max)).first { number in
      Encapsulation.Kind(rawValue: number).word.map { "\($0)" == text } ?? false
    }
    var value = Encapsulation(
      .init(rawValue: try line.value("a type of encapsulation") { kind ?? ListingLine.number($0) }))
    try line.require("sport")
    value.sourcePort = try line.number()
    try line.require("dport")
    value.destinationPort = try line.number()
    try line.require("addr")
    let address = try line.address()
    value.originalAddress = address.isUnspecified ? nil : address
    return value
  }

  static func replayState(_ line: inout ListingLine) throws(ListingError) -> ReplayState {
    try line.require("context:")
    var state = ReplayState()
    try line.require("seq")
    state.incomingSequence = try line.number()
    try line.require("oseq")
    state.outgoingSequence = try line.number()
    try line.require("bitmap")
    state.bitmap = try line.number()
    return state
  }

  /// - Parameter first: Behind `esn`; what it says stands below.
  mutating func readExtendedState(_ first: ListingLine) throws(ListingError) -> ExtendedReplayState
  {
    var line = first
    try line.require("context:")
    try line.finish()
    line = try requiredContinuation(of: line, "“seq-hi”")
    var numbers: [UInt64] = []
    for word in ["seq-hi", "seq", "oseq-hi", "oseq"] {
      try line.require(word)
      numbers.append(UInt64(try line.number(UInt32.self)))
    }
    try line.finish()
    line = try requiredContinuation(of: line, "“replay_window”")
    try line.require("replay_window")
    // The bitmap says as much, and is read below.
    var state = ExtendedReplayState(window: 0)
    state.window = try line.value("a window") { ListingLine.number($0) }
    state.incomingSequence = numbers[0] << 32 | numbers[1]
    state.outgoingSequence = numbers[2] << 32 | numbers[3]
    try line.require("bitmap-length")
    let count: UInt8 = try line.number(UInt8.self, "a length of at most 128 words")
    try line.finish()
    var bitmap: [UInt32] = []
    while bitmap.count < Int(count) {
      line = try requiredContinuation(of: line, "a bitmap")
      while line.peek != nil {
        bitmap.append(try line.value("a word of a bitmap") { UInt32($0, radix: 16) })
      }
    }
    state.bitmap = bitmap.reversed()
    return state
  }

  func offload(_ line: inout ListingLine) throws(ListingError) -> SecurityAssociation.Offload {
    for word in ["offload", "parameters:", "dev"] { try line.require(word) }
    var offload = SecurityAssociation.Offload(interfaceIndex: try interface(&line), flags: [])
    if line.take("dir") {
      let isIncoming = try line.value("“in” or “out”") { ["in": true, "out": false][$0] }
      if isIncoming { offload.flags.insert(.incoming) }
    }
    if line.take("mode") {
      let isPacket = try line.value("“packet” or “crypto”") {
        ["packet": true, "crypto": false][$0]
      }
      if isPacket { offload.flags.insert(.packet) }
    }
    return offload
  }

  /// - Parameter line: Behind `lifetime`; what it says stands below.
  mutating func readLifetime(
    _ line: ListingLine, _ lifetime: inout Lifetime
  ) throws(ListingError) {
    var line = line
    guard line.take("config:") else {
      try line.require("current:")
      // Counters and times, which are no part of a configuration.
      for expected in ["counters", "times"] { _ = try requiredContinuation(of: line, expected) }
      return
    }
    let sides: [(String, WritableKeyPath<Lifetime, Lifetime.Limits>)] = [
      ("soft", \.soft), ("hard", \.hard),
    ]
    let limits: [(WritableKeyPath<Lifetime.Limits, UInt64>, String)] = [
      (\.bytes, "(bytes)"), (\.packets, "(packets)"),
    ]
    for (path, unit) in limits {
      var line = try requiredContinuation(of: line, "“limit:”")
      try line.require("limit:")
      for (word, side) in sides {
        try line.require(word)
        lifetime[keyPath: side][keyPath: path] = try line.value("a limit") { text in
          text.hasPrefix("(INF)\(unit)")
            ? Lifetime.unlimited : text.contains(unit) ? ListingLine.number(text) : nil
        }
      }
      try line.finish()
    }
    let times: [(WritableKeyPath<Lifetime.Limits, UInt64>, String)] = [
      (\.secondsFromAdd, "add:"), (\.secondsFromUse, "use:"),
    ]
    for (path, word) in times {
      var line = try requiredContinuation(of: line, "“expire”")
      try line.require("expire")
      try line.require(word)
      for (word, side) in sides {
        try line.require(word)
        lifetime[keyPath: side][keyPath: path] = try line.number()
      }
      try line.finish()
    }
  }

  /// - Parameter line: Behind the first `src`.
  func selector(_ line: inout ListingLine) throws(ListingError) -> Selector {
    let source = try line.prefix()
    try line.require("dst")
    let destination = try line.prefix()
    guard source.family == destination.family else { throw line.error("a prefix of one family") }
    var selector = Selector(from: source, to: destination)
    if line.take("proto") {
      let known = context.protocolNumber
      selector.proto = IPProtocol(
        rawValue: try line.value("a protocol") { known(String($0)) ?? ListingLine.number($0) })
    }
    while let word = line.peek {
      switch word {
      case "sport", "type":
        _ = line.take(String(word))
        selector.sourcePort = Selector.Port(try line.number())
      case "dport", "code", "(dport)":
        _ = line.take(String(word))
        selector.destinationPort = Selector.Port(try line.number())
      case "key":
        _ = line.take("key")
        let key: UInt32 = try line.number()
        selector.sourcePort = Selector.Port(UInt16(key >> 16))
        selector.destinationPort = Selector.Port(UInt16(truncatingIfNeeded: key))
      case "dev":
        _ = line.take("dev")
        selector.interfaceIndex = try interface(&line)
      case "uid":
        _ = line.take("uid")
        selector.user = try line.number()
      default: throw line.error("a part of a selector")
      }
    }
    return selector
  }
}
