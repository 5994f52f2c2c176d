// Keys that fit, keys that do not, and that no key is ever shown. Asks no kernel.

import Glibc
import XFRMKit

do {
  // A key of the right length, with its salt, and an algorithm that takes it.
  let key = try AEADAlgorithm.aesGCM.randomKey(bits: 256)
  let cipher = try AEAD(.aesGCM, key: key)
  print("\(cipher.name), \(cipher.key), check value of \(cipher.checkBits) bits")
  guard cipher.key.count == 36, cipher.checkBits == 128 else { exit(1) }

  // Both algorithms of a proposal, with fresh keys.
  guard let west = IPAddress("192.0.2.1"), let east = IPAddress("192.0.2.2"),
    let proposal = ESPProposal(named: "aes256-sha256")
  else { exit(1) }
  var association = SecurityAssociation(from: west, to: east, spi: 0x1001, mode: .tunnel)
  proposal.protect(&association)

  // A wrong length is refused before any kernel is asked.
  do {
    _ = try AEAD(.aesGCM, key: .random(count: 32))
    exit(1)
  } catch {
    print(error)
  }

  // Key material that comes from elsewhere. The array is not wiped: keep such a thing short-lived.
  let bytes = [UInt8](repeating: 0x5a, count: 20)
  association.aead = try AEAD(.aesGCM, key: Secret(bytes.span))

  // Nothing that takes a value to pieces finds the key in it.
  var texts = ["\(association)", String(reflecting: association), ""]
  dump(association, to: &texts[2])
  let isShown = texts.contains { text in
    ["90, 90", "- 90", "5a5a", "5A5A", "ZZ"].contains { text.contains($0) }
  }
  guard !isShown, texts.allSatisfy({ $0.contains("<20 secret bytes>") }) else { exit(1) }
  print("printed and dumped, the key remains \(Secret(bytes.span))")

  // Equality takes the same time wherever two keys differ.
  guard association.aead?.key == Secret(bytes.span), association.aead?.key != key else { exit(1) }
} catch {
  print(error)
  exit(1)
}
