using System.Buffers.Binary;
using System.Text;

namespace DattoRMM.Tests.Package;

/// <summary>What a library for 64-bit Linux says about itself.</summary>
internal sealed class ElfFile(byte[] bytes)
{
    private const int SectionLength = 64;
    private const uint NeededVersions = 0x6ffffffe;

    /// <summary>The processor, as ELF numbers it.</summary>
    public int Machine => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(18));

    /// <summary>The versions that it needs of other libraries' functions, such as <c>GLIBC_2.17</c>.</summary>
    public IReadOnlyList<string> VersionsNeeded()
    {
        List<string> names = [];
        foreach (ReadOnlyMemory<byte> section in Sections().Where(section => Number(section.Span, 4) == NeededVersions))
        {
            int strings = Offset(Sections().ElementAt((int)Number(section.Span, 0x28)).Span);
            int library = Offset(section.Span);
            for (uint left = Number(section.Span, 0x2c); left > 0; left--)
            {
                int count = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(library + 2));
                int version = library + (int)Number(bytes, library + 8);
                for (; count > 0; count--)
                {
                    names.Add(Text(strings + (int)Number(bytes, version + 8)));
                    version += (int)Number(bytes, version + 12);
                }
                library += (int)Number(bytes, library + 12);
            }
        }
        return names;
    }

    private IEnumerable<ReadOnlyMemory<byte>> Sections()
    {
        int first = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(0x28));
        int count = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(0x3c));
        return Enumerable.Range(0, count)
            .Select(i => new ReadOnlyMemory<byte>(bytes, first + i * SectionLength, SectionLength));
    }

    private string Text(int start) =>
        Encoding.UTF8.GetString(bytes, start, bytes.AsSpan(start).IndexOf((byte)0));

    private static int Offset(ReadOnlySpan<byte> section) =>
        (int)BinaryPrimitives.ReadInt64LittleEndian(section[0x18..]);

    private static uint Number(ReadOnlySpan<byte> from, int at) =>
        BinaryPrimitives.ReadUInt32LittleEndian(from[at..]);
}
