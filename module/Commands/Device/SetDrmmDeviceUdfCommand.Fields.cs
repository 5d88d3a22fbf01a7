using System.Management.Automation;

namespace DattoRMM.Commands;

// The first thirty fields, which the gallery module had a parameter each for. They are read by their names, together.
public sealed partial class SetDrmmDeviceUdfCommand
{
    /// <summary>The value of user-defined field 1; null or an empty text deletes it.</summary>
    [Parameter(Position = 1, ParameterSetName = FieldsSet)]
    [Parameter(ParameterSetName = InputSet)]
    public object? Udf1 { get; set; }

    /// <summary>The value of user-defined field 2; null or an empty text deletes it.</summary>
    [Parameter(Position = 2, ParameterSetName = FieldsSet)]
    [Parameter(ParameterSetName = InputSet)]
    public object? Udf2 { get; set; }

    /// <summary>The value of user-defined field 3; null or an empty text deletes it.</summary>
    [Parameter(Position = 3, ParameterSetName = FieldsSet)]
    [Parameter(ParameterSetName = InputSet)]
    public object? Udf3 { get; set; }

    /// <summary>The value of user-defined field 4; null or an empty text deletes it.</summary>
    [Parameter(Position = 4, ParameterSetName = FieldsSet)]
    [Parameter(ParameterSetName = InputSet)]
    public object? Udf4 { get; set; }

    /// <summary>The value of user-defined field 5; null or an empty text deletes it.</summary>
    [Parameter(Position = 5, ParameterSetName = FieldsSet)]
    [Parameter(ParameterSetName = InputSet)]
    public object? Udf5 { get; set; }

    /// <summary>The value of user-defined field 6; null or an empty text deletes it.</summary>
    [Parameter(Position = 6, ParameterSetName = FieldsSet)]
    [Parameter(ParameterSetName = InputSet)]
    public object? Udf6 { get; set; }

    /// <summary>The value of user-defined field 7; null or an empty text deletes it.</summary>
    [Parameter(Position = 7, ParameterSetName = FieldsSet)]
    [Parameter(ParameterSetName = InputSet)]
    public object? Udf7 { get; set; }

    /// <summary>The value of user-defined field 8; null or an empty text deletes it.</summary>
    [Parameter(Position = 8, ParameterSetName = FieldsSet)]
    [Parameter(ParameterSetName = InputSet)]
    public object? Udf8 { get; set; }

    /// <summary>The value of user-defined field 9; null or an empty text deletes it.</summary>
    [Parameter(Position = 9, ParameterSetName = FieldsSet)]
    [Parameter(ParameterSetName = InputSet)]
    public object? Udf9 { get; set; }

    /// <summary>The value of user-defined field 10; null or an empty text deletes it.</summary>
    [Parameter(Position = 10, ParameterSetName = FieldsSet)]
    [Parameter(ParameterSetName = InputSet)]
    public object? Udf10 { get; set; }

    /// <summary>The value of user-defined field 11; null or an empty text deletes it.</summary>
    [Parameter(Position = 11, ParameterSetName = FieldsSet)]
    [Parameter(ParameterSetName = InputSet)]
    public object? Udf11 { get; set; }

    /// <summary>The value of user-defined field 12; null or an empty text deletes it.</summary>
    [Parameter(Position = 12, ParameterSetName = FieldsSet)]
    [Parameter(ParameterSetName = InputSet)]
    public object? Udf12 { get; set; }

    /// <summary>The value of user-defined field 13; null or an empty text deletes it.</summary>
    [Parameter(Position = 13, ParameterSetName = FieldsSet)]
    [Parameter(ParameterSetName = InputSet)]
    public object? Udf13 { get; set; }

    /// <summary>The value of user-defined field 14; null or an empty text deletes it.</summary>
    [Parameter(Position = 14, ParameterSetName = FieldsSet)]
    [Parameter(ParameterSetName = InputSet)]
    public object? Udf14 { get; set; }

    /// <summary>The value of user-defined field 15; null or an empty text deletes it.</summary>
    [Parameter(Position = 15, ParameterSetName = FieldsSet)]
    [Parameter(ParameterSetName = InputSet)]
    public object? Udf15 { get; set; }

    /// <summary>The value of user-defined field 16; null or an empty text deletes it.</summary>
    [Parameter(Position = 16, ParameterSetName = FieldsSet)]
    [Parameter(ParameterSetName = InputSet)]
    public object? Udf16 { get; set; }

    /// <summary>The value of user-defined field 17; null or an empty text deletes it.</summary>
    [Parameter(Position = 17, ParameterSetName = FieldsSet)]
    [Parameter(ParameterSetName = InputSet)]
    public object? Udf17 { get; set; }

    /// <summary>The value of user-defined field 18; null or an empty text deletes it.</summary>
    [Parameter(Position = 18, ParameterSetName = FieldsSet)]
    [Parameter(ParameterSetName = InputSet)]
    public object? Udf18 { get; set; }

    /// <summary>The value of user-defined field 19; null or an empty text deletes it.</summary>
    [Parameter(Position = 19, ParameterSetName = FieldsSet)]
    [Parameter(ParameterSetName = InputSet)]
    public object? Udf19 { get; set; }

    /// <summary>The value of user-defined field 20; null or an empty text deletes it.</summary>
    [Parameter(Position = 20, ParameterSetName = FieldsSet)]
    [Parameter(ParameterSetName = InputSet)]
    public object? Udf20 { get; set; }

    /// <summary>The value of user-defined field 21; null or an empty text deletes it.</summary>
    [Parameter(Position = 21, ParameterSetName = FieldsSet)]
    [Parameter(ParameterSetName = InputSet)]
    public object? Udf21 { get; set; }

    /// <summary>The value of user-defined field 22; null or an empty text deletes it.</summary>
    [Parameter(Position = 22, ParameterSetName = FieldsSet)]
    [Parameter(ParameterSetName = InputSet)]
    public object? Udf22 { get; set; }

    /// <summary>The value of user-defined field 23; null or an empty text deletes it.</summary>
    [Parameter(Position = 23, ParameterSetName = FieldsSet)]
    [Parameter(ParameterSetName = InputSet)]
    public object? Udf23 { get; set; }

    /// <summary>The value of user-defined field 24; null or an empty text deletes it.</summary>
    [Parameter(Position = 24, ParameterSetName = FieldsSet)]
    [Parameter(ParameterSetName = InputSet)]
    public object? Udf24 { get; set; }

    /// <summary>The value of user-defined field 25; null or an empty text deletes it.</summary>
    [Parameter(Position = 25, ParameterSetName = FieldsSet)]
    [Parameter(ParameterSetName = InputSet)]
    public object? Udf25 { get; set; }

    /// <summary>The value of user-defined field 26; null or an empty text deletes it.</summary>
    [Parameter(Position = 26, ParameterSetName = FieldsSet)]
    [Parameter(ParameterSetName = InputSet)]
    public object? Udf26 { get; set; }

    /// <summary>The value of user-defined field 27; null or an empty text deletes it.</summary>
    [Parameter(Position = 27, ParameterSetName = FieldsSet)]
    [Parameter(ParameterSetName = InputSet)]
    public object? Udf27 { get; set; }

    /// <summary>The value of user-defined field 28; null or an empty text deletes it.</summary>
    [Parameter(Position = 28, ParameterSetName = FieldsSet)]
    [Parameter(ParameterSetName = InputSet)]
    public object? Udf28 { get; set; }

    /// <summary>The value of user-defined field 29; null or an empty text deletes it.</summary>
    [Parameter(Position = 29, ParameterSetName = FieldsSet)]
    [Parameter(ParameterSetName = InputSet)]
    public object? Udf29 { get; set; }

    /// <summary>The value of user-defined field 30; null or an empty text deletes it.</summary>
    [Parameter(Position = 30, ParameterSetName = FieldsSet)]
    [Parameter(ParameterSetName = InputSet)]
    public object? Udf30 { get; set; }
}
