import XFRMKit

extension SecurityAssociation {
  var basics: [String] {
    var basics = ["\(mode)", "reqid \(requestID)"]
    if let direction { basics.append("direction \(direction)") }
    if let interfaceID { basics.append("if_id \(interfaceID)") }
    if let mark { basics.append("mark \(mark)") }
    if let outputMark {
      basics.append("output mark \(Mark(outputMark, mask: outputMarkMask ?? .max))")
    }
    if let cpu { basics.append("CPU \(cpu)") }
    // The replay window's row has this one.
    var flags = flags
    flags.remove(.extendedSequenceNumbers)
    let names = [flags.text, extraFlags?.text].compactMap { $0 }
    if !names.isEmpty { basics.append("flags \(names.joined(separator: " "))") }
    return basics
  }

  /// A row for each.
  func algorithms(_ keys: KeyDisplay) -> [(label: String, parts: [String])] {
    var rows: [(String, [String])] = []
    if let aead {
      rows.append(("cipher", [aead.name, keys.text(aead.key), "ICV \(aead.checkBits) bits"]))
    }
    if let encryption {
      rows.append(("cipher", [encryption.name, keys.text(encryption.key)]))
    }
    if let authentication {
      let bits = authentication.truncationBits.map { ["ICV \($0) bits"] } ?? []
      rows.append(("integrity", [authentication.name, keys.text(authentication.key)] + bits))
    }
    if let compression { rows.append(("compression", [compression.name])) }
    return isLarval ? [("cipher", ["no keys yet"])] : rows
  }

  var encapsulationParts: [String] {
    guard let encapsulation else { return [] }
    let ports = "port \(encapsulation.sourcePort) → \(encapsulation.destinationPort)"
    return ["\(encapsulation.kind)", ports]
      + (encapsulation.originalAddress.map { ["original address \($0)"] } ?? [])
      + (natKeepaliveSeconds.map { ["keepalive every \(Text.duration(UInt64($0)))"] } ?? [])
  }

  /// The window, and how far both ends have come.
  var replayParts: [String] {
    let esn = flags.contains(.extendedSequenceNumbers) ? ["ESN"] : []
    let window = extendedReplayState?.window ?? UInt32(replayWindow)
    let sent =
      extendedReplayState?.outgoingSequence ?? replayState.map { UInt64($0.outgoingSequence) }
    let received =
      extendedReplayState?.incomingSequence ?? replayState.map { UInt64($0.incomingSequence) }
    return esn + ["window \(window)"]
      + (sent.map { ["sent \(Text.count($0))"] } ?? [])
      + (received.map { ["received \(Text.count($0))"] } ?? [])
  }

  func usageParts(now: UInt64?) -> [String] {
    var parts = ["\(Text.count(usage.packets)) packets, \(Text.bytes(usage.bytes))"]
    if usage.addedAt != 0 { parts.append("added \(Text.time(usage.addedAt, now: now))") }
    if usage.firstUsedAt == 0 {
      parts.append("never used")
    } else {
      parts.append("used since \(Text.time(usage.firstUsedAt))")
      if let lastUsedAt { parts.append("last used \(Text.time(lastUsedAt, now: now))") }
    }
    return parts
  }

  /// What few SAs have.
  var rarities: [String] {
    var parts: [String] = []
    if let careOfAddress { parts.append("care-of address \(careOfAddress)") }
    if let trafficFlowPadding { parts.append("padded to \(trafficFlowPadding) bytes") }
    if let offload { parts.append(offload.text) }
    if let securityContext { parts.append("security context \(securityContext.printable)") }
    if let mappingThresholdSeconds {
      parts.append("mappings announced every \(Text.duration(UInt64(mappingThresholdSeconds)))")
    }
    if sequence != 0 { parts.append("answers acquire \(sequence)") }
    return parts + iptfs.parts + otherAttributes.parts
  }
}

extension KeyDisplay {
  /// `key 36 bytes, #0123456789abcdef`: equal keys have equal numbers within one output.
  func text(_ key: Secret) -> String {
    if showsKeys, key.count > 0 { return "key 0x\(key.hexadecimal)" }
    if key.count == 0 { return "no key" }
    return "key \(key.count) bytes, "
      + (key.isAllZeros ? "hidden by the kernel" : "#\(fingerprint.of(key))")
  }
}

extension SecurityAssociation.Statistics {
  /// What went wrong, if anything did.
  var parts: [String] {
    let counts = [
      (integrityFailed, "failed the integrity check"), (replayed, "replayed"),
      (outsideReplayWindow, "outside the replay window"),
    ]
    return counts.filter { $0.0 > 0 }.map { "\(Text.count($0.0)) \($0.1)" }
  }
}

extension IPTFSOptions {
  fileprivate var parts: [String] {
    var parts: [String] = []
    if let dropTimeMicroseconds { parts.append("drop time \(dropTimeMicroseconds) µs") }
    if let reorderWindow { parts.append("reorder window \(reorderWindow)") }
    if dontFragment { parts.append("no fragments") }
    if let initialDelayMicroseconds { parts.append("delay \(initialDelayMicroseconds) µs") }
    if let queueBytes { parts.append("queue \(Text.bytes(queueBytes))") }
    if let packetBytes { parts.append("packets of \(packetBytes) bytes") }
    return parts
  }
}
