import XFRMKit

// What only announcements contain.

extension Acquire: Described {
  static func fields<V: FieldVisitor>(of value: Self?, _ field: inout V) {
    field("source", value?.source)
    field("destination", value?.destination)
    field("protocol", value?.proto)
    field("spi", value?.spi.rawValue.nonzero)
    field("sequence", value?.sequence)
    field("selector", value?.selector)
    field("policy", value?.policy)
    field("cpu", value?.cpu)
    field("authenticationMask", value?.algorithms.authentication.ifPartial)
    field("encryptionMask", value?.algorithms.encryption.ifPartial)
    field("compressionMask", value?.algorithms.compression.ifPartial)
  }
}

extension AddressMapping: Described {
  static func fields<V: FieldVisitor>(of value: Self?, _ field: inout V) {
    field("destination", value?.id.destination)
    field("protocol", value?.id.proto)
    field("spi", value?.id.spi.rawValue)
    field("requestID", value?.requestID)
    field("old", value?.old)
    field("new", value?.new)
  }
}

extension AddressMapping.Endpoint: Described {
  static func fields<V: FieldVisitor>(of value: Self?, _ field: inout V) {
    field("address", value?.address)
    field("port", value?.port)
  }
}

extension AddressReport: Described {
  static func fields<V: FieldVisitor>(of value: Self?, _ field: inout V) {
    field("protocol", value?.proto)
    field("selector", value?.selector)
    field("careOfAddress", value?.careOfAddress)
  }
}

extension Migration: Described {
  static func fields<V: FieldVisitor>(of value: Self?, _ field: inout V) {
    field("selector", value?.selector)
    field("direction", value?.direction)
    field("type", value?.kind)
    field("interfaceID", value?.interfaceID)
    field("entries", value?.entries)
    field("keyManagerAddresses", value?.keyManagerAddresses)
    field("encapsulation", value?.encapsulation)
    field("offload", value?.offload)
    field("otherAttributes", value?.otherAttributes.ifAny)
  }
}

extension Migration.Entry: Described {
  static func fields<V: FieldVisitor>(of value: Self?, _ field: inout V) {
    field("old", value?.old)
    field("new", value?.new)
    field("protocol", value?.proto)
    field("mode", value?.mode)
    field("requestID", value?.requestID)
  }
}

extension Migration.Entry.Endpoints: Described {
  static func fields<V: FieldVisitor>(of value: Self?, _ field: inout V) {
    field("source", value?.source)
    field("destination", value?.destination)
  }
}

extension Migration.KeyManagerAddresses: Described {
  static func fields<V: FieldVisitor>(of value: Self?, _ field: inout V) {
    field("local", value?.local)
    field("remote", value?.remote)
  }
}
