internal import CNetlink

/// `XFRM_MSG_…`
extension MessageType {
  private init(_ number: Int) { self.init(rawValue: UInt16(truncatingIfNeeded: number)) }

  static var newAssociation: Self { Self(XFRM_MSG_NEWSA) }
  static var updateAssociation: Self { Self(XFRM_MSG_UPDSA) }
  static var deleteAssociation: Self { Self(XFRM_MSG_DELSA) }
  static var getAssociation: Self { Self(XFRM_MSG_GETSA) }
  static var flushAssociations: Self { Self(XFRM_MSG_FLUSHSA) }
  static var newPolicy: Self { Self(XFRM_MSG_NEWPOLICY) }
  static var updatePolicy: Self { Self(XFRM_MSG_UPDPOLICY) }
  static var deletePolicy: Self { Self(XFRM_MSG_DELPOLICY) }
  static var getPolicy: Self { Self(XFRM_MSG_GETPOLICY) }
  static var flushPolicies: Self { Self(XFRM_MSG_FLUSHPOLICY) }
  static var getSADInfo: Self { Self(XFRM_MSG_GETSADINFO) }
  static var getSPDInfo: Self { Self(XFRM_MSG_GETSPDINFO) }
}
