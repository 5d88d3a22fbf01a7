# What real scripts do with the objects, as far as it needs commands that the PowerShell engine alone does not have;
# the rest is in tests/engine/IdiomTests.cs.

BeforeAll {
    . (Join-Path $PSScriptRoot 'Fixture.ps1')
    $sim = Start-Simulator
    $device = Get-DrmmAccountDevices | Where-Object deviceClass -eq device | Select-Object -First 1
}

AfterAll {
    Stop-Simulator $sim
}

Describe 'Reports' {
    It 'selects properties by name and by script' {
        $rows = @(Get-DrmmAccountDevices |
            Select-Object hostname, siteName, @{ Name = 'Udf 1'; Expression = { $_.udf.udf1 } })

        $rows.Count | Should -Be 40
        $rows[0].PSObject.Properties.Name | Should -Be 'hostname', 'siteName', 'Udf 1'
        $rows.hostname | Should -Not -Contain $null
    }

    It 'selects all properties, in the order of the API' {
        $raw = New-ApiRequest GET "/v2/device/$($device.uid)" | ConvertFrom-Json

        $all = Get-DrmmDevice $device.uid | Select-Object *

        $all.PSObject.Properties.Name | Should -Be $raw.PSObject.Properties.Name
        ($all | ConvertTo-Json -Depth 9) | Should -Be ($raw | ConvertTo-Json -Depth 9)
    }

    It 'asks for no page that nobody wants' {
        Clear-Received $sim

        @(Get-DrmmAccountDevices | Select-Object -First 5).Count | Should -Be 5

        @(Get-Received $sim).Count | Should -Be 1
    }

    It 'exports a flat table without a type line' {
        $file = Join-Path $TestDrive 'devices.csv'

        Get-DrmmAccountDevices | Export-Csv -NoTypeInformation -Encoding UTF8 $file

        $raw = (New-ApiRequest GET '/v2/account/devices?max=250&page=0' | ConvertFrom-Json).devices
        $back = @(Import-Csv -Encoding UTF8 $file)
        $back.Count | Should -Be 40
        $back[0].PSObject.Properties.Name | Should -Be $raw[0].PSObject.Properties.Name
        $back.siteName | Should -Be $raw.siteName
        $back[0].lastSeen | Should -Be "$($raw[0].lastSeen)"
        $back[0].deviceType | Should -BeLike '@{category=*; type=*}'
    }

    It 'turns a device into the JSON that it came as' {
        $raw = New-ApiRequest GET "/v2/device/$($device.uid)"

        $json = Get-DrmmDevice $device.uid | ConvertTo-Json -Depth 9 -Compress

        $json | Should -Be ($raw | ConvertFrom-Json | ConvertTo-Json -Depth 9 -Compress)
    }

    It 'adds members to devices, takes others away, and turns them into JSON' {
        $json = Get-DrmmAccountDevices | ForEach-Object {
            $_ | Add-Member -NotePropertyName customer -NotePropertyValue 'Acme'
            $_ | Add-Member -NotePropertyMembers @{ reported = '2026-01-01' }
            $_.PSObject.Properties.Remove('udf')
            $_
        } | ConvertTo-Json -Depth 3

        $back = $json | ConvertFrom-Json
        $back.Count | Should -Be 40
        $back[0].customer | Should -Be 'Acme'
        $back[0].reported | Should -Be '2026-01-01'
        $back[0].PSObject.Properties.Name | Should -Not -Contain 'udf'
    }

    It 'groups, sorts and counts' {
        $groups = Get-DrmmAccountDevices | Group-Object siteName
        ($groups | Measure-Object Count -Sum).Sum | Should -Be 40

        $sorted = @(Get-DrmmAccountDevices | Sort-Object lastSeen -Descending)
        $sorted.Count | Should -Be 40
        $sorted[0].lastSeen | Should -BeGreaterOrEqual $sorted[39].lastSeen

        (Get-DrmmAccountDevices | Group-Object { $_.deviceType.category }).Name | Should -Contain 'Server'
        (Get-DrmmAccountDevices | Measure-Object).Count | Should -Be 40
    }

    It 'compares two lists and tells what is new' {
        $before = @(Get-DrmmAccountDevices | Select-Object -Skip 2)

        $new = @(Compare-Object $before (Get-DrmmAccountDevices) -Property uid)

        $new.SideIndicator | Should -Be '=>', '=>'
    }

    It 'makes HTML of alerts' {
        $html = Get-DrmmAccountAlertsOpen | Add-DrmmAlertMessage |
            Select-Object priority, alertType, alertMessage | ConvertTo-Html -Fragment

        $html.Count | Should -BeGreaterThan 10
        $html[2] | Should -BeLike '*<th>alertMessage</th>*'
    }
}

Describe 'User-defined fields from a file' {
    It 'sets the columns of a CSV file and leaves empty cells alone' {
        $file = Join-Path $TestDrive 'udf.csv'
        @(
            [pscustomobject]@{ deviceUid = $device.uid; udf1 = 'from a file'; udf2 = ''; udf30 = 'last' }
        ) | Export-Csv -NoTypeInformation $file
        Clear-Received $sim

        Import-Csv $file | Set-DrmmDeviceUdf

        $sent = @(Get-Received $sim)
        $sent.Count | Should -Be 1
        "$($sent[0].method) $($sent[0].path)" | Should -Be "POST /api/v2/device/$($device.uid)/udf"
        $body = $sent[0].body | ConvertFrom-Json
        $body.PSObject.Properties.Name | Should -Be 'udf1', 'udf30'
        (Get-DrmmDevice $device.uid).udf.udf1 | Should -Be 'from a file'
        (Get-DrmmDevice $device.uid).udf.udf30 | Should -Be 'last'
    }

    It 'copies the fields of exported devices back' {
        $file = Join-Path $TestDrive 'export.csv'
        Get-DrmmDevice $device.uid |
            Select-Object @{ n = 'deviceUid'; e = { $_.uid } }, @{ n = 'udf3'; e = { 'again' } } |
            Export-Csv -NoTypeInformation $file

        Import-Csv $file | Set-DrmmDeviceUdf

        (Get-DrmmDevice $device.uid).udf.udf3 | Should -Be 'again'
    }
}

Describe 'Objects that travel' {
    It 'keeps values, types and GetTime through a file' {
        $file = Join-Path $TestDrive 'devices.xml'
        Get-DrmmDevice $device.uid | Export-Clixml $file

        $back = Import-Clixml $file

        $back.GetTime('lastSeen') | Should -Be $device.GetTime('lastSeen')
        $back.lastSeen | Should -BeOfType [long]
        $back.udf.udf1 | Should -Be (Get-DrmmDevice $device.uid).udf.udf1
        $back.PSObject.Properties.Name | Should -Be $device.PSObject.Properties.Name
        $back.PSObject.TypeNames[0] | Should -Be 'Deserialized.DattoRMM.Device'
    }

    It 'works in a job and gives what comes out of it a time and a place in the pipeline' {
        $job = Start-Job -ArgumentList (Get-ModulePath), $sim.url, $sim.key, $sim.secret -ScriptBlock {
            param($module, $url, $key, $secret)
            Import-Module $module
            Connect-DrmmApi -Url $url -Key $key -SecretKey $secret
            Get-DrmmDevice
        }
        $devices = @($job | Receive-Job -Wait -AutoRemoveJob)

        $devices.Count | Should -Be 40
        $same = $devices | Where-Object uid -eq $device.uid
        $same.GetTime('lastSeen') | Should -Be $device.GetTime('lastSeen')
        # What Receive-Job adds aside, nothing has come in on the way.
        $added = 'RunspaceId', 'PSComputerName', 'PSShowComputerName', 'PSSourceJobInstanceId'
        $own = $same.PSObject.Properties.Name | Where-Object { $_ -notin $added }
        $own | Should -Be $device.PSObject.Properties.Name
        ($same | Get-DrmmDevice).hostname | Should -Be $device.hostname
    }

    It 'asks from several runspaces on one connection' -Skip:($PSVersionTable.PSVersion.Major -lt 7) {
        $module = Get-ModulePath
        Clear-Received $sim

        $names = Get-DrmmAccountDevices | Select-Object -First 6 | ForEach-Object -Parallel {
            Import-Module $using:module
            (Get-DrmmDevice $_.uid).hostname
        }

        $names.Count | Should -Be 6
        @(Get-Received $sim).Count | Should -Be 7
    }
}

Describe 'Scripts as they are' {
    It 'connects with splatted parameters and sees on stream 6 that the login failed' {
        $params = @{ Url = $sim.url; Key = $sim.key; SecretKey = 'not the secret' }
        try {
            $said = Set-DrmmApiParameters @params 6>&1 -ErrorAction SilentlyContinue
            $said | Should -Not -BeNullOrEmpty
        }
        finally {
            $params.SecretKey = $sim.secret
            Set-DrmmApiParameters @params 6>&1 | Should -BeNullOrEmpty
        }
    }

    It 'reports servers that were not seen for long' {
        $limit = (Get-Date).AddDays(-1)
        $report = Get-DrmmAccountDevices |
            Where-Object -Property deviceType -Like '@{category=Server; type=Main System Chassis}' |
            Where-Object { ([datetime] '1/1/1970').AddMilliseconds($_.lastSeen).ToLocalTime() -lt $limit } |
            Select-Object siteName, hostname, @{
                n = 'LastSeen'; e = { ([datetime] '1/1/1970').AddMilliseconds($_.lastSeen) }
            } |
            Sort-Object siteName, hostname
        foreach ($row in @($report)) {
            $row.LastSeen | Should -BeOfType [datetime]
        }
        @(Get-DrmmAccountDevices | Where-Object -Property deviceType -Like '@{category=Server; *').Count |
            Should -BeGreaterThan 0
    }

    It 'reads serial numbers device by device' {
        $serials = foreach ($device in Get-DrmmAccountDevices | Where-Object deviceClass -eq device) {
            (Get-DrmmAuditDevice -deviceUid $device.uid).bios.serialNumber
        }
        $serials.Count | Should -BeGreaterThan 5
    }
}
