"""What a finished PDF says of itself in XMP, for archives and for readers by ear.

The library writes one standard into its metadata and packs the stream. Here the stream is left
open, as ISO 19005-3 asks, and what is archived says PDF/UA-1 beside PDF/A-3a: its tags are those
of the sheet that is printed for today. PDF/A wants each word that it does not know itself
described inside; the description below is of the two that PDF/UA-1 needs.
"""

from typing import Any

_END = b"</rdf:RDF>"

_SPOKEN_TOO = b"""\
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">\
<pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about=""\
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"\
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"\
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">\
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">\
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>\
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">\
<pdfaProperty:name>part</pdfaProperty:name>\
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>Part of ISO 14289 that the file follows</pdfaProperty:description>\
</rdf:li></rdf:Seq></pdfaSchema:property>\
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""


def lay_open(file: Any, *, spoken_too: bool) -> None:  # noqa: ANN401  pydyf has no types
    """Leave the metadata of a pydyf file unpacked; with `spoken_too`, add PDF/UA-1 to it."""
    for one in file.objects:
        about = getattr(one, "extra", None)
        if not about or about.get("Type") != "/Metadata":
            continue
        one.compress = False
        if spoken_too:
            words = b"".join(one.stream)
            one.stream = [words.replace(_END, _SPOKEN_TOO + _END)]
