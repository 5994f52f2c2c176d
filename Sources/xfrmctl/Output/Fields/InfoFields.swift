import XFRMKit

extension SADInfo: Described {
  static func fields<V: FieldVisitor>(of value: Self?, _ field: inout V) {
    field("count", value?.count)
    field("buckets", value?.buckets)
    field("maximumBuckets", value?.maximumBuckets)
  }
}

extension SPDInfo: Described {
  static func fields<V: FieldVisitor>(of value: Self?, _ field: inout V) {
    field("in", value?.incoming)
    field("out", value?.outgoing)
    field("fwd", value?.forwarded)
    field("socketIn", value?.socketIncoming)
    field("socketOut", value?.socketOutgoing)
    field("socketFwd", value?.socketForwarded)
    field("bucketMask", value?.bucketMask)
    field("maximumBuckets", value?.maximumBuckets)
    field("thresholdIPv4", value?.thresholdIPv4)
    field("thresholdIPv6", value?.thresholdIPv6)
  }
}

extension SPDInfo.HashThreshold: Described {
  static func fields<V: FieldVisitor>(of value: Self?, _ field: inout V) {
    field("localBits", value?.localBits)
    field("remoteBits", value?.remoteBits)
  }
}

extension DefaultActions: Described {
  static func fields<V: FieldVisitor>(of value: Self?, _ field: inout V) {
    field("in", value?.incoming)
    field("fwd", value?.forwarded)
    field("out", value?.outgoing)
  }
}

extension ErrorCounters: Described {
  static func fields<V: FieldVisitor>(of value: Self?, _ field: inout V) {
    field("counters", value?.sorted)
  }

  private var sorted: [Counter] {
    byName.sorted { $0.key < $1.key }.map { Counter(name: $0.key, packets: $0.value) }
  }

  private struct Counter: Described {
    var name: String
    var packets: UInt64

    static func fields<V: FieldVisitor>(of value: Self?, _ field: inout V) {
      field("name", value?.name)
      field("packets", value?.packets)
    }
  }
}

extension AssociationCheckpoint: Described {
  static func fields<V: FieldVisitor>(of value: Self?, _ field: inout V) {
    field("source", value?.source)
    field("destination", value?.id.destination)
    field("protocol", value?.id.proto)
    field("spi", value?.id.spi.rawValue)
    field("mark", value?.id.mark)
    field("requestID", value?.requestID)
    field("flags", value?.flags.words)
    field("replayState", value?.replayState)
    field("extendedReplayState", value?.extendedReplayState)
    field("usage", value?.usage)
    field("thresholdPackets", value?.packets)
    field("thresholdTenthsOfSecond", value?.timerTenths)
    field("thresholdJiffies", value?.timerJiffies)
    field("mappingThresholdSeconds", value?.mappingThresholdSeconds)
    field("interfaceID", value?.interfaceID)
    field("cpu", value?.cpu)
    field("direction", value?.direction)
    field("otherAttributes", value?.otherAttributes.ifAny)
  }
}
