internal import XFRMKit

extension KeyMaker {
  /// Draws no SPI and no request ID that a configuration gives to something.
  public mutating func avoid(_ configuration: Configuration) {
    for connection in configuration.connections {
      if let id = connection.requestID { usedRequestIDs.insert(id) }
      if case .fixed(let incoming, let outgoing) = connection.keys {
        usedSPIs.formUnion([incoming.spi.rawValue, outgoing.spi.rawValue])
      }
    }
    usedRequestIDs.formUnion(configuration.policies.map(\.requestID))
    for entry in configuration.associations {
      usedSPIs.insert(entry.entry.association.spi.rawValue)
      usedRequestIDs.insert(entry.entry.association.requestID)
    }
  }
}
