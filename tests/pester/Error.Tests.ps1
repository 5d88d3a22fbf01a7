# Errors and streams, as scripts and hosts see them.

BeforeAll {
    . (Join-Path $PSScriptRoot 'Fixture.ps1')
    $sim = Start-Simulator '--devices 600 --sites 3 --limit 5000'
    $uid = @(Get-DrmmDevice)[0].uid
}

AfterAll {
    Stop-Simulator $sim
}

Describe 'A fault of one input' {
    It 'is on stream 2, and the others come in order' {
        $all = @($uid, 'unknown', $uid | Get-DrmmDevice 2>&1)

        $all.Count | Should -Be 3
        $all[1] | Should -BeOfType [Management.Automation.ErrorRecord]
        $all[0].uid, $all[2].uid | Should -Be $uid, $uid
    }

    It 'is in the variable, in $Error and in $?' {
        $Error.Clear()

        Get-DrmmDevice unknown -ErrorAction SilentlyContinue -ErrorVariable mine
        $good = $?

        $good | Should -BeFalse
        @($mine).Count | Should -Be 1
        $Error[0].FullyQualifiedErrorId | Should -Be $mine[0].FullyQualifiedErrorId
    }

    It 'is nowhere when it is ignored' {
        $Error.Clear()

        Get-DrmmDevice unknown -ErrorAction Ignore

        $Error.Count | Should -Be 0
    }

    It 'names the line of the script and no line of ours' {
        $caught = try { Get-DrmmDevice unknown -ErrorAction Stop } catch { $_ }

        $caught.InvocationInfo.Line | Should -Match 'Get-DrmmDevice unknown'
        $caught.InvocationInfo.MyCommand.Name | Should -Be 'Get-DrmmDevice'
        $shown = $caught | Out-String
        $shown | Should -Match 'unknown'
        $shown | Should -Not -Match ' at DattoRMM\.'
    }

    It 'can be looked at in all its parts, and none has a secret' {
        $login = @{ Url = $sim.url; Key = $sim.key; SecretKey = 'canary-71d0'; ErrorAction = 'Stop' }
        $caught = try { Connect-DrmmApi @login 6>$null } catch { $_ }
        try {
            $parts = ($caught | Format-List * -Force | Out-String -Width 500) +
                ($caught.Exception | Format-List * -Force | Out-String -Width 500) +
                ($caught.Exception | ConvertTo-Json -Depth 2 -WarningAction Ignore)

            $caught.CategoryInfo.Category | Should -Be 'AuthenticationError'
            $parts | Should -Match 'not accepted'
            $parts | Should -Not -Match 'canary-71d0'
        }
        finally {
            Connect-DrmmApi -Url $sim.url -Key $sim.key -SecretKey $sim.secret
        }
    }
}

Describe 'A list that breaks off' {
    AfterEach {
        Set-Fault $sim ''
    }

    It 'is an error that says how many items had come, after them' {
        Set-Fault $sim '{"match":"GET /v2/account/devices","page":2,"fault":{"status":404}}'

        $all = @(Get-DrmmDevice -ErrorVariable fault -ErrorAction SilentlyContinue)

        $all.Count | Should -Be 500
        "$fault" | Should -Match '500'
    }

    It 'is no file, where the script stops at errors' {
        Set-Fault $sim '{"match":"GET /v2/account/devices","page":2,"fault":{"status":404}}'
        $file = Join-Path $TestDrive 'report.csv'

        { $all = Get-DrmmDevice -ErrorAction Stop; $all | Export-Csv $file } | Should -Throw

        $file | Should -Not -Exist
    }
}

Describe 'The verbose stream' {
    It 'has a line for each request, and the output is none the less' {
        $said = @(Get-DrmmDevice $uid -Verbose 4>&1)

        @($said | Where-Object { $_ -is [Management.Automation.VerboseRecord] -and "$_" -match 'GET .*200' }).Count |
            Should -Be 1
        @($said | Where-Object { $_ -isnot [Management.Automation.VerboseRecord] }).uid | Should -Be $uid
    }

    It 'tells of a request that is made again, which is no error' {
        Set-Fault $sim '{"match":"GET /v2/device/{deviceUid}","times":1,"fault":{"status":503}}'

        $said = @(Get-DrmmDevice $uid -Verbose -ErrorVariable faults 4>&1)

        $faults | Should -BeNullOrEmpty
        "$said" | Should -Match '503'
    }

    It 'never has the value of a user-defined field' {
        $said = Set-DrmmDeviceUdf $uid -Udf @{ 9 = 'canary-93ae' } -Verbose *>&1 | Out-String

        $said | Should -Match 'POST'
        $said | Should -Not -Match 'canary-93ae'
    }
}

Describe 'The other streams' {
    It 'are silent while all is well' {
        $said = @(Get-DrmmDevice 3>&1 5>&1 6>&1)

        $said.Count | Should -Be 600
        @($said.PSObject.TypeNames | Where-Object { $_ -like '*Record' }) | Should -BeNullOrEmpty
    }

    It 'warn of a list that is shorter than was announced' {
        Set-Fault $sim '{"match":"GET /v2/account/devices","fault":{"totalCount":601}}'

        $said = @(Get-DrmmDevice -WarningVariable warned -WarningAction SilentlyContinue)

        Set-Fault $sim ''
        $said.Count | Should -Be 600
        "$warned" | Should -Match '601'
    }
}

Describe 'Misuse' {
    It 'is an error before anything is sent: <_>' -ForEach @(
        'Get-DrmmDevice -DeviceUid $null', 'Get-DrmmDevice -SiteUid ""', '$null | Get-DrmmAlert'
        'Get-DrmmAlert -DeviceUid $missing.uid', 'Get-DrmmDevice -FilterId ""', 'Get-DrmmDevice -Nonsense'
        'Set-DrmmDeviceUdf $uid -Udf @{ 301 = "x" }', '[pscustomobject]@{ a = 1 } | Get-DrmmDevice'
    ) {
        $missing = $null
        Clear-Received $sim
        $ErrorActionPreference = 'Stop'

        { Invoke-Expression $_ } | Should -Throw

        @(Get-Received $sim) | Should -BeNullOrEmpty
    }
}
