import XFRMKit

extension SecurityAssociation: Described {
  static func fields<V: FieldVisitor>(of value: Self?, _ field: inout V) {
    field("source", value?.source)
    field("destination", value?.destination)
    field("protocol", value?.proto)
    field("spi", value?.spi.rawValue)
    field("mode", value?.mode)
    field("requestID", value?.requestID)
    field("direction", value?.direction)
    field("mark", value?.mark)
    field("outputMark", value.flatMap { OutputMark($0) })
    field("interfaceID", value?.interfaceID)
    field("cpu", value?.cpu)
    field("flags", value?.flags.words)
    field("extraFlags", value?.extraFlags?.words)
    protection(of: value, &field)
    field("selector", value?.selector.restriction)
    field("lifetime", value?.lifetime.ifSet)
    field("usage", value?.usage)
    field("lastUsedAt", value?.lastUsedAt.map { Timestamp(seconds: $0) })
    field("initialUsage", value?.initialUsage)
    field("statistics", value?.statistics)
    field("sequence", value?.sequence)
    rarities(of: value, &field)
    field("otherAttributes", value?.otherAttributes.ifAny)
  }

  private static func protection<V: FieldVisitor>(of value: Self?, _ field: inout V) {
    field("aead", value?.aead)
    field("encryption", value?.encryption)
    field("authentication", value?.authentication)
    field("compression", value?.compression)
    field("encapsulation", value?.encapsulation)
    field("replayWindowPackets", value?.replayWindow)
    field("replayState", value?.replayState)
    field("extendedReplayState", value?.extendedReplayState)
  }

  private static func rarities<V: FieldVisitor>(of value: Self?, _ field: inout V) {
    field("careOfAddress", value?.careOfAddress)
    field("trafficFlowPaddingBytes", value?.trafficFlowPadding)
    field("offload", value?.offload)
    field("securityContext", value?.securityContext)
    field("iptfs", value.flatMap { $0.iptfs == IPTFSOptions() ? nil : $0.iptfs })
    field("natKeepaliveSeconds", value?.natKeepaliveSeconds)
    field("mappingThresholdSeconds", value?.mappingThresholdSeconds)
    field("checkpointPackets", value?.checkpointPackets)
    field("checkpointJiffies", value?.checkpointJiffies)
  }
}

/// The mark that packets leave with. Either half may be missing.
private struct OutputMark: Described {
  var value: UInt32?
  var mask: UInt32?

  init?(_ association: SecurityAssociation) {
    value = association.outputMark
    mask = association.outputMarkMask
    if value == nil, mask == nil { return nil }
  }

  static func fields<V: FieldVisitor>(of value: Self?, _ field: inout V) {
    field("value", value?.value)
    field("mask", value?.mask)
  }
}

extension AEAD: Described {
  static func fields<V: FieldVisitor>(of value: Self?, _ field: inout V) {
    field("name", value?.name)
    field.key(value?.key)
    field("checkBits", value?.checkBits)
  }
}

extension Encryption: Described {
  static func fields<V: FieldVisitor>(of value: Self?, _ field: inout V) {
    field("name", value?.name)
    field.key(value?.key)
  }
}

extension Authentication: Described {
  static func fields<V: FieldVisitor>(of value: Self?, _ field: inout V) {
    field("name", value?.name)
    field.key(value?.key)
    field("checkBits", value?.truncationBits)
  }
}

extension Compression: Described {
  static func fields<V: FieldVisitor>(of value: Self?, _ field: inout V) {
    field("name", value?.name)
  }
}

extension Encapsulation: Described {
  static func fields<V: FieldVisitor>(of value: Self?, _ field: inout V) {
    field("kind", value?.kind)
    field("sourcePort", value?.sourcePort)
    field("destinationPort", value?.destinationPort)
    field("originalAddress", value?.originalAddress)
  }
}

extension ReplayState: Described {
  static func fields<V: FieldVisitor>(of value: Self?, _ field: inout V) {
    field("outgoingSequence", value?.outgoingSequence)
    field("incomingSequence", value?.incomingSequence)
    field("bitmap", value?.bitmap)
  }
}

extension ExtendedReplayState: Described {
  static func fields<V: FieldVisitor>(of value: Self?, _ field: inout V) {
    field("windowPackets", value?.window)
    field("outgoingSequence", value?.outgoingSequence)
    field("incomingSequence", value?.incomingSequence)
    field("bitmap", value?.bitmap.map { .count(UInt64($0)) })
  }
}

extension SecurityAssociation.Statistics: Described {
  static func fields<V: FieldVisitor>(of value: Self?, _ field: inout V) {
    field("outsideReplayWindowPackets", value?.outsideReplayWindow)
    field("replayedPackets", value?.replayed)
    field("integrityFailedPackets", value?.integrityFailed)
  }
}

extension IPTFSOptions: Described {
  static func fields<V: FieldVisitor>(of value: Self?, _ field: inout V) {
    field("dropTimeMicroseconds", value?.dropTimeMicroseconds)
    field("reorderWindowPackets", value?.reorderWindow)
    field("dontFragment", value?.dontFragment)
    field("initialDelayMicroseconds", value?.initialDelayMicroseconds)
    field("queueBytes", value?.queueBytes)
    field("packetBytes", value?.packetBytes)
  }
}
