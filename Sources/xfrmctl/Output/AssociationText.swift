import XFRMKit

extension SecurityAssociation {
  /// A few lines that fit a terminal; a key is its length.
  var block: String {
    var lines = Text.flow(["\(proto) \(source) → \(destination)", "SPI \(spi)"])
      .map { Style.bold($0) }
    lines += Text.flow(basics)
    lines += algorithms.flatMap { Text.flow($0) }
    if let encapsulation { lines += Text.flow(encapsulation.parts) }
    if let careOfAddress { lines.append("care-of address \(careOfAddress)") }
    if selector.family != .unspecified, selector != .any(selector.family) {
      lines += Text.flow(["carries \(selector.parts[0])"] + selector.parts.dropFirst())
    }
    lines += Text.flow(lifetime.parts)
    lines += Text.flow(usage.parts)
    if let trouble = statistics.text {
      lines += Text.wrap(trouble, width: 76).map { Style.yellow($0) }
    }
    return lines.joined(separator: "\n    ")
  }

  private var basics: [String] {
    var basics = ["\(mode)", "reqid \(requestID)"]
    if let direction { basics.append("direction \(direction)") }
    if let interfaceID { basics.append("if_id \(interfaceID)") }
    if let mark { basics.append("mark \(mark)") }
    if let outgoingMark { basics.append("output mark \(outgoingMark)") }
    basics.append(replayText)
    if let trafficFlowPadding { basics.append("padded to \(trafficFlowPadding) bytes") }
    if let offload { basics.append(offload.text) }
    // The replay window's text has this one.
    let flags = flagNames.filter { $0 != "esn" }
    if !flags.isEmpty { basics.append("flags \(flags.joined(separator: " "))") }
    return basics
  }

  /// The parts of each; a key is its length.
  private var algorithms: [[String]] {
    var algorithms: [[String]] = []
    if let aead {
      algorithms.append([aead.name, "key \(aead.key)", "ICV \(aead.checkBits) bits"])
    }
    if let encryption { algorithms.append([encryption.name, "key \(encryption.key)"]) }
    if let authentication {
      let bits = authentication.truncationBits.map { ["ICV \($0) bits"] } ?? []
      algorithms.append([authentication.name, "key \(authentication.key)"] + bits)
    }
    if let compression { algorithms.append([compression.name]) }
    // An SPI was reserved, or an SA asked for.
    if algorithms.isEmpty, proto == .esp || proto == .ah { algorithms.append(["no keys yet"]) }
    return algorithms
  }

  private var replayText: String {
    let window = extendedReplayState?.window ?? UInt32(replayWindow)
    let numbers = flags.contains(.extendedSequenceNumbers) ? "ESN, " : ""
    return "\(numbers)replay window \(window)"
  }
}

extension Encapsulation {
  fileprivate var parts: [String] {
    ["\(kind)", "port \(sourcePort) → \(destinationPort)"]
      + (originalAddress.map { ["original address \($0)"] } ?? [])
  }
}

extension Usage {
  fileprivate var parts: [String] {
    let used = firstUsedAt == 0 ? "never used" : "used since \(Text.time(firstUsedAt))"
    return [
      "\(Text.count(packets)) packets, \(Text.bytes(bytes))", "added \(Text.time(addedAt))", used,
    ]
  }
}

extension SecurityAssociation.Statistics {
  /// What went wrong, if anything did.
  fileprivate var text: String? {
    let counts = [
      (integrityFailed, "failed the integrity check"), (replayed, "replayed"),
      (outsideReplayWindow, "outside the replay window"),
    ]
    let troubles = counts.filter { $0.0 > 0 }.map { "\(Text.count($0.0)) \($0.1)" }
    return troubles.isEmpty ? nil : "dropped: " + troubles.joined(separator: ", ")
  }
}
